// Keeps items of a stream that arrived while the client waited for the reply to another request, or read
// another stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "daemon/base/result.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::ctl {

// Holds rows up to a bound. Those beyond it are discarded, and a gap in their place counts them, so that the
// reader is told as of rows that the daemon did not keep for a slow client. Everything else is small and
// kept.
class StreamQueue {
  public:
    static constexpr std::size_t kBytesOfRows = 8UL << 20;  // of frames with rows that wait
    static constexpr std::size_t kItems = 65'536;

    // bytes: of the frame that the item came in. Error: internal (more items than kItems, or rows that are no
    // batch among those to be discarded).
    [[nodiscard]] base::Result<void> put(wire::StreamItem item, std::size_t bytes);
    [[nodiscard]] bool empty() const { return waiting_.empty(); }
    // The oldest item, where it is not empty.
    [[nodiscard]] wire::StreamItem take();

  private:
    struct Waiting {
        wire::StreamItem item;
        std::size_t bytes_of_rows;
    };
    [[nodiscard]] base::Result<void> discard(const wire::StreamItem& item);

    std::deque<Waiting> waiting_;
    std::size_t bytes_of_rows_ = 0;
};

}  // namespace packetsentry::ctl
