// What captures take from everybody else on the machine, counted for the user who has them, and limited.
//
// A capture costs people who know nothing of it. Each of its packet sockets stands in the path of every
// packet of its interface: the kernel runs the socket's filter before it hands the packet on, so that many
// sockets with long filters slow down the network of all. The ring of each socket is kernel memory that
// belongs to no process and to no cgroup. What is saved into a file in memory (tmpfs) is memory of the worker
// that writes it. And a filter that is hard to compile keeps a processor busy for seconds. None of these is
// seen by the limits that a kernel has for users, because the workers belong to the daemon's own user.
//
// So each worker holds a Share of them from before it is started until its process has ended, and a user
// whose shares add up to a limit gets no further one. When the filter of a capture changes, two workers run
// for a moment; the second is let in on the place of the first. Where both together exceed a limit, this is
// one capture at a time, so that nobody has twice the limit by changing all the time. Root is counted and not
// limited.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/loop/change_event.h"

namespace packetsentry::quota {

struct CaptureLimits {
    std::uint32_t sockets_per_interface = 8;  // packet sockets of one user on one interface
    std::uint32_t sockets = 64;               // packet sockets of one user
    // Instructions of the kernel's filters (BPF): of one socket, and of all sockets of one user on one
    // interface.
    std::uint32_t filter_instructions = 2048;
    std::uint32_t interface_instructions = 4096;
    std::uint64_t user_ring_bytes = 1ULL << 30;        // kernel rings of one user
    std::uint64_t ring_bytes = 4ULL << 30;             // kernel rings of all users
    std::uint64_t memory_output_bytes = 256ULL << 20;  // files in memory that one user's captures write
    std::uint32_t compilers = 2;                       // filters of one user being compiled at once
};

// What one worker takes.
struct CaptureNeeds {
    std::vector<std::string> interfaces;  // a packet socket each; "any" stands in the path of all
    std::uint64_t ring_bytes = 0;         // of each socket
    std::uint64_t memory_output_bytes = 0;
};

struct CaptureUse {
    std::uint32_t sockets = 0;
    std::uint64_t ring_bytes = 0;
    std::uint64_t filter_instructions = 0;
    std::uint64_t memory_output_bytes = 0;
};

// Always held by a shared_ptr, as a process may end later than whoever started it. One thread.
class CaptureResources : public std::enable_shared_from_this<CaptureResources> {
  public:
    // What one worker holds; it is given back when the last reference goes.
    class Share;
    using SharePtr = std::shared_ptr<Share>;
    // The right to compile; the same.
    class Turn;
    using TurnPtr = std::shared_ptr<Turn>;

    explicit CaptureResources(const CaptureLimits& limits) : limits_(limits) {}
    CaptureResources(const CaptureResources&) = delete;
    CaptureResources& operator=(const CaptureResources&) = delete;

    // predecessor: whose place the worker is going to take, or null; it needs no less than its successor.
    // Errors: usage, where a limit of the user, or of all users together, is reached, with a message that
    // says which, and what to do; unreachable, where another successor of the user's waits for its
    // predecessor.
    [[nodiscard]] base::Result<SharePtr> take(uid_t user, const CaptureNeeds& needs,
                                              const SharePtr& predecessor = nullptr);
    // The length of each socket's filter, as soon as it is known. Error (filter): a limit is reached, without
    // what a predecessor still has.
    [[nodiscard]] base::Result<void> put_filters(const SharePtr& share,
                                                 std::span<const std::uint32_t> instructions);

    // Returns how many bytes of a user's memory limit are left for one more output.
    [[nodiscard]] std::uint64_t memory_output_left(uid_t user) const;

    // Null while the user has as many filters being compiled as may be: turns_changed() tells when to ask
    // again.
    [[nodiscard]] TurnPtr take_turn(uid_t user);
    [[nodiscard]] loop::ChangeEvent& turns_changed() { return turns_changed_; }

    [[nodiscard]] CaptureUse use(uid_t user) const;
    [[nodiscard]] CaptureUse use_of_all() const;

    [[nodiscard]] const CaptureLimits& limits() const { return limits_; }
    // Lower ones take nothing away from who holds more.
    void set_limits(const CaptureLimits& limits) { limits_ = limits; }

  private:
    struct OnInterface {
        std::uint32_t sockets = 0;
        std::uint64_t instructions = 0;
    };
    struct User {
        CaptureUse use;
        std::map<std::string, OnInterface> interfaces;
        std::uint32_t compiling = 0;
        std::vector<std::weak_ptr<const Share>> successors;
    };
    [[nodiscard]] base::Result<void> room_for(uid_t user, const CaptureNeeds& needs) const;
    [[nodiscard]] base::Result<void> room_for_rings(const CaptureNeeds& needs) const;
    [[nodiscard]] base::Result<void> room_on(const User& user, const std::string& interface) const;
    // In the path of one packet of the interface; of "any": of the interface where there is most.
    [[nodiscard]] static OnInterface in_path(const User& user, const std::string& interface);
    [[nodiscard]] bool hands_over(User& user) const;
    void add(const Share& share);
    void remove(const Share& share);
    void forget_idle(uid_t user);

    CaptureLimits limits_;
    std::map<uid_t, User> users_;
    loop::ChangeEvent turns_changed_;
};

}  // namespace packetsentry::quota
