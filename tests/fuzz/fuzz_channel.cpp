// Bytes on the control socket: framing and the requests in it. The first byte says how large the
// pieces are in which the rest arrives.
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "proto/link/channel.h"
#include "proto/messages/control.pb.h"
#include "proto/words/filter.h"

namespace {

using namespace packetsentry;

void read_frames(proto::Channel& channel) {
    while (const auto frame = channel.next()) {
        if (frame->size() > proto::kRequestLimit) std::abort();
        wire::Request request;
        if (!request.ParseFromArray(frame->data(), static_cast<int>(frame->size()))) continue;
        if (request.has_start()) (void)proto::filter_text(request.start().capture().filter());
        (void)channel.take_descriptors();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::size_t piece = 1 + data[0] * std::size_t{8};
    std::array<int, 2> pair{};
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) != 0) return 0;
    const base::UniqueFd sender(pair[1]);
    proto::Channel channel(base::UniqueFd(pair[0]), proto::kRequestLimit, 0);
    for (std::size_t at = 1; at < size; at += piece) {
        const std::size_t count = std::min(piece, size - at);
        if (::send(sender.get(), data + at, count, MSG_NOSIGNAL) != static_cast<ssize_t>(count)) break;
        if (!channel.receive()) break;
        read_frames(channel);
    }
    return 0;
}
