#include "ctl/render/loss.h"

#include "ctl/render/packet_time.h"
#include "proto/words/loss_words.h"

namespace packetsentry::ctl::render {
namespace {

std::string packets_text(const wire::Loss& loss) {
    if (loss.to_ns() == 0 || loss.uncounted()) return ": the number of packets is not known";
    const std::string count = std::to_string(loss.packets()) + (loss.packets() == 1 ? " packet" : " packets");
    return (loss.at_most() ? ": at most " : ": ") + count;
}

}  // namespace

std::string loss_text(const wire::Loss& loss) {
    const std::string until = loss.to_ns() == 0 ? "now" : fixed_time(loss.to_ns());
    return fixed_time(loss.from_ns()) + " to " + until + ", " + std::string(proto::cause_text(loss.cause())) +
           packets_text(loss);
}

}  // namespace packetsentry::ctl::render
