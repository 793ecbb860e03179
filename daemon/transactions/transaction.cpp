#include "daemon/transactions/transaction.h"

namespace packetsentry::transactions {

std::string_view outcome_word(Outcome outcome) {
    switch (outcome) {
        case Outcome::unpaired:
            return {};
        case Outcome::answered:
            return "answered";
        case Outcome::unanswered:
            return "unanswered";
        case Outcome::unasked:
            return "unasked";
        case Outcome::stopped:
            return "stopped";
        case Outcome::evicted:
            return "evicted";
    }
    return "unknown";
}

}  // namespace packetsentry::transactions
