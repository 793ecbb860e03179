// Descriptors that other people opened, and how they are closed without waiting for it.
//
// A client passes the file that its packets are saved to, open, over the control socket, because the
// daemon opens no path that a client names. So the daemon holds descriptors that it did not choose, and
// close() of such a descriptor can take as long as somebody else likes: a file in a user's own file
// system (FUSE) or on a network is flushed first, a TCP socket lingers until its peer has read, and a
// Unix socket takes along whatever was passed through it and not read. A user who wants to stop the
// daemon needs one such close() in its only thread, where all captures of all users wait for it. Killing
// a process does not help: its descriptors are closed on its way out, so it does not end either.
//
// Therefore nothing that waits for other people happens in the event loop, and what does wait is bounded:
//  - Each UniqueFd of the process is closed by threads of this module, and a descriptor that hangs keeps
//    only those waiting that have the same owner (close_elsewhere(), count_until_closed()).
//  - Each descriptor counts against the user who passed it, from the moment when it arrives until its
//    close() has returned (proto/link/channel.h counts arrivals, daemon/quota says how many a user may
//    have). Copies that went to a worker count too, as the worker may not end before the file answers.
//  - A process that is started gets a table of its own, and the kernel copies at least the lowest 64
//    descriptors to it, which must be closed again: so other people's descriptors never have low numbers
//    (base/low_numbers.h).
//  - A descriptor is asked nothing that the kernel does not know by itself. Questions that a file system
//    answers, such as fstat(), are asked only of file systems of this machine (base/local_file.h), or by
//    the worker.
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
