#include "proto/words/loss_words.h"

#include <algorithm>
#include <array>

namespace packetsentry::proto {
namespace {

struct Cause {
    wire::Loss::Cause cause;
    std::string_view name;
    std::string_view text;
};

constexpr std::array kCauses{
    Cause{wire::Loss::OTHER, "other", "for an unknown reason"},
    Cause{wire::Loss::RING_FULL, "ring_full", "the kernel's ring was full"},
    Cause{wire::Loss::READER_BEHIND, "reader_behind",
          "packetsentryd did not keep up, or a limit was reached"},
    Cause{wire::Loss::NOT_SAVED, "not_saved", "the output file could not be written (all rows are there)"},
    Cause{wire::Loss::NOT_KEPT, "not_kept", "the spool could not be written (all rows were shown)"},
    Cause{wire::Loss::INTERFACE_DOWN, "interface_down", "an interface was down"},
    Cause{wire::Loss::INTERFACE_GONE, "interface_gone", "an interface was gone"},
    Cause{wire::Loss::WORKER_DIED, "worker_died", "the worker died"},
    Cause{wire::Loss::DAEMON_AWAY, "daemon_away", "packetsentryd was not running"},
};

const Cause& cause_of(wire::Loss::Cause cause) {
    const auto* found = std::ranges::find(kCauses, cause, &Cause::cause);
    return found == kCauses.end() ? kCauses.front() : *found;
}

}  // namespace

std::string_view cause_name(wire::Loss::Cause cause) {
    return cause_of(cause).name;
}

std::string_view cause_text(wire::Loss::Cause cause) {
    return cause_of(cause).text;
}

}  // namespace packetsentry::proto
