#include "ctl/render/ledger.h"

namespace packetsentry::ctl::render {
namespace {

void append_count(std::string& text, const char* what, std::uint64_t count) {
    text += what + std::to_string(count);
}

void append_unless_zero(std::string& text, const char* what, std::uint64_t count) {
    if (count != 0) append_count(text, what, count);
}

void append_ledger(std::string& text, const wire::Ledger& ledger) {
    append_count(text, " received ", ledger.received());
    append_count(text, ", dropped by the kernel ", ledger.dropped_by_kernel());
    append_unless_zero(text, ", unread ", ledger.unread());
    append_unless_zero(text, ", filtered out ", ledger.filtered());
    append_count(text, ", shed ", ledger.shed());
    append_count(text, ", malformed ", ledger.malformed());
    append_unless_zero(text, ", saved ", ledger.saved());
    append_unless_zero(text, ", not saved ", ledger.not_saved());
    text += ',';
}

}  // namespace

std::string ledger_text(std::uint64_t shown, const std::optional<wire::Ledger>& ledger,
                        std::uint64_t missed) {
    std::string text = std::to_string(shown) + (shown == 1 ? " packet shown;" : " packets shown;");
    if (ledger) append_ledger(text, *ledger);
    append_count(text, " missed here ", missed);
    return text;
}

}  // namespace packetsentry::ctl::render
