// Counts and limits the resources of the machine that the captures of each user use.
//
// A capture costs other users of the machine something. Each of its packet sockets is in the path of every
// packet of its interface: the kernel runs the socket's filter before it passes the packet on, so many
// sockets with long filters slow down the network for everybody. The ring of each socket is kernel memory
// that belongs to no process and to no cgroup. A file in memory (tmpfs) is memory of the worker that writes
// it. A filter that is hard to compile keeps a processor busy for seconds. The kernel's own limits for users
// do not apply to any of these, because the workers run as the daemon's user.
//
// So each worker has a Share of these resources, from before it is started until its process has ended. When
// the shares of a user reach a limit, the user gets no further one. When the filter of a capture is changed,
// two workers run for a moment. The second one may exceed a limit by as much as the first one has, but only
// one capture of a user at a time may do this, so that nobody has twice the limit by changing filters all the
// time. Root is counted but not limited.
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
    std::uint64_t flow_bytes = 128ULL << 20;           // conversations of one capture
};

// The resources that one worker needs.
struct CaptureNeeds {
    std::vector<std::string> interfaces;  // one packet socket for each; "any" counts on every interface
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
    // The resources of one worker, which are free again when the last reference is gone.
    class Share;
    using SharePtr = std::shared_ptr<Share>;
    // The right to compile a filter, which is free again when the last reference is gone.
    class Turn;
    using TurnPtr = std::shared_ptr<Turn>;

    explicit CaptureResources(const CaptureLimits& limits) : limits_(limits) {}
    CaptureResources(const CaptureResources&) = delete;
    CaptureResources& operator=(const CaptureResources&) = delete;

    // predecessor: the share of the worker that this worker is going to replace, or null. The predecessor
    // must need at least as much as its successor. Errors: usage (a limit of the user or of all users
    // together is reached; the message says which limit, and what to do); unreachable (another capture of the
    // user is just replacing its worker, and both replacements together would exceed a limit).
    [[nodiscard]] base::Result<SharePtr> take(uid_t user, const CaptureNeeds& needs,
                                              const SharePtr& predecessor = nullptr);
    // Counts the length of each socket's filter, which is known only after compilation. Error (filter): a
    // limit is exceeded, even without what a predecessor still has.
    [[nodiscard]] base::Result<void> put_filters(const SharePtr& share,
                                                 std::span<const std::uint32_t> instructions);

    // Returns how many bytes of a user's memory limit are left for one more output.
    [[nodiscard]] std::uint64_t memory_output_left(uid_t user) const;

    // Returns null while as many filters of the user are being compiled as the limit allows. turns_changed()
    // tells when to ask again.
    [[nodiscard]] TurnPtr take_turn(uid_t user);
    [[nodiscard]] loop::ChangeEvent& turns_changed() { return turns_changed_; }

    [[nodiscard]] CaptureUse use(uid_t user) const;
    [[nodiscard]] CaptureUse use_of_all() const;

    [[nodiscard]] const CaptureLimits& limits() const { return limits_; }
    // If a new limit is lower, users who have more keep what they have.
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
    // Returns what is in the path of one packet of the interface. For "any", this is the interface with the
    // most.
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
