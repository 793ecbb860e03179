#include "ctl/render/loss.h"

#include <algorithm>
#include <array>

#include "ctl/render/packet_time.h"

namespace packetsentry::ctl::render {
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

const Cause& find(wire::Loss::Cause cause) {
    const auto* found = std::ranges::find(kCauses, cause, &Cause::cause);
    return found == kCauses.end() ? kCauses.front() : *found;
}

std::string packets_text(const wire::Loss& loss) {
    if (loss.to_ns() == 0 || loss.uncounted()) return ": the number of packets is not known";
    const std::string count = std::to_string(loss.packets()) + (loss.packets() == 1 ? " packet" : " packets");
    return (loss.at_most() ? ": at most " : ": ") + count;
}

}  // namespace

std::string_view cause_name(wire::Loss::Cause cause) {
    return find(cause).name;
}

std::string loss_text(const wire::Loss& loss) {
    const std::string until = loss.to_ns() == 0 ? "now" : fixed_time(loss.to_ns());
    return fixed_time(loss.from_ns()) + " to " + until + ", " + std::string(find(loss.cause()).text) +
           packets_text(loss);
}

}  // namespace packetsentry::ctl::render
