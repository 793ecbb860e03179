// Closing descriptors without waiting for it. close() can take as long as somebody else likes: a TCP socket
// lingers until its peer has read, a file on a network or in a user's own file system is flushed first, and
// a Unix socket takes along whatever was passed through it and not read.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace packetsentry::base {

// From here on threads of their own do it, for every UniqueFd of the process. For a process with a loop that
// is handed other people's descriptors; not before privileges have been dropped: a thread keeps its own.
void close_elsewhere();

// Whether descriptors can be sent to a Unix socket, or to those that a listening one accepts: where the
// kernel can be told (Linux 6.16, SO_PASSRIGHTS), else they always can. What has taken none before is told so
// once.
void take_descriptors(int socket, bool taken);
[[nodiscard]] bool takes_descriptors(int socket);

// The same for a Unix stream socket that nobody else has: at once, where nothing can be in it that takes
// long.
void close_connection(int fd);

// One that somebody else brought: what has other counts, or none, does not wait behind it. The count, if any,
// is one higher from now until it is closed.
using Count = std::shared_ptr<std::atomic<std::uint32_t>>;
void count_until_closed(int fd, const Count& count);

// One more of a count that is not null, while it lives.
class Counted {
  public:
    explicit Counted(Count count) : count_(std::move(count)) {
        if (count_) ++*count_;
    }
    ~Counted() {
        if (count_) --*count_;
    }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

  private:
    Count count_;
};

// Null: it is not counted. A duplicate is to be counted too: it may take as long to close.
[[nodiscard]] Count count_of(int fd);

// fd is open, and the caller's no more.
void close_descriptor(int fd);

}  // namespace packetsentry::base
