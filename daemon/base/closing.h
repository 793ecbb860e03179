// Closing descriptors without waiting for it. close() can take as long as somebody else likes: a TCP socket
// lingers until its peer has read, a file on a network or in a user's own file system is flushed first, and
// a Unix socket takes along whatever was passed through it and not read.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace packetsentry::base {

// From this call on, threads of this module's own close the descriptors of every UniqueFd of the process, so
// that the caller never waits for close(). This is for a process with an event loop that receives other
// people's descriptors. Call it only after privileges have been dropped, because a thread keeps those with
// which it was started.
void close_elsewhere();

// take_descriptors() sets whether other processes can send descriptors to this Unix socket, and
// takes_descriptors() tells whether they can. Sockets that are accepted from a listening socket inherit its
// setting. Linux can forbid it since version 6.16 (SO_PASSRIGHTS); with an older kernel descriptors can
// always be sent.
void take_descriptors(int socket, bool taken);
[[nodiscard]] bool takes_descriptors(int socket);

// Closes a Unix stream socket that no other process holds. The calling thread closes it at once where no
// unread descriptor can be in the socket, as closing such a descriptor could take long. Otherwise another
// thread closes it, as in close_descriptor().
void close_connection(int fd);

// Counts a descriptor that somebody else opened: the count, if it is not null, is one higher from this call
// until close() of the descriptor has returned. That close() may hang; descriptors that have another count,
// or none, do not wait behind it.
using Count = std::shared_ptr<std::atomic<std::uint32_t>>;
void count_until_closed(int fd, const Count& count);

// Adds one to a count that is not null, for as long as this object lives.
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

// Returns the count of this descriptor; null: the descriptor is not counted. Whoever duplicates it must count
// the duplicate too, because closing that may take as long.
[[nodiscard]] Count count_of(int fd);

// Closes fd, which must be open, and which the caller must not use any more. Once close_elsewhere() has been
// called, another thread closes it.
void close_descriptor(int fd);

}  // namespace packetsentry::base
