// What one user holds of the daemon, and how much of it the user may hold.
//
// Many users talk to the daemon at once, and none of them trusts another. The daemon is one process with one
// thread, a bounded number of descriptors, and a bounded memory, so that whatever it holds for one user is
// not there for the others. Therefore everything that a user can make it hold is counted for that user, and
// has a limit:
//  - connections, and streams of rows over them. At the limit a further one is refused, with an error that
//    says so.
//  - bytes: what the daemon has received of an unfinished message, and what waits to be sent because the
//    client does not read. At the limit the daemon sends this user's clients nothing more and reads no more
//    of their requests, until they have taken some of what waits. A client that has taken everything is
//    answered all the same.
//  - files: the descriptors that the user has passed, and copies of them. At the limit the user's
//    connections are read no further for a moment, and a connection that would bring more is then ended.
//  - requests a second. Whoever asks faster waits for the answers; nothing is refused.
// A client that leaves things lying, and so holds them without end, is what client_timeouts.h is for. What
// captures take of the machine, and not of the daemon, is counted in capture_resources.h.
//
// There is one Account for each user who holds something, however many connections it has, because each
// further connection would otherwise raise the limits. It goes by the user's id; ids that the user database
// does not know share one account (control/shared.h), because one user may have thousands of these. Besides,
// all connections together have a limit (accounts.h), so that many users together cannot keep everybody else
// out.
//
// Whoever holds something for a user has a Charge for it, and the charge gives it back when it goes. So
// nothing is counted twice or forgotten, whichever way a connection ends. Whether there is room is asked
// before a charge is made: a limit that is lowered while the daemon runs takes nothing away from who holds
// more, and only keeps it from growing.
//
// Files and sockets are counted differently, because they are not given back when this process closes them.
// close() may take as long as the file system's owner likes, who may be the very user (base/closing.h). Each
// is counted until close() has returned; otherwise a user could have any number of descriptors in the middle
// of being closed.
//
// Root is counted and not limited, but by the limits of its jobs: whoever looks after the machine gets in,
// even while others hold all there is for them.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <memory>
#include <utility>

#include "daemon/base/closing.h"
#include "daemon/base/pace.h"
#include "daemon/base/result.h"
#include "daemon/loop/change_event.h"

namespace packetsentry::quota {

// The limits of each user, and of all users together.
struct Quota {
    std::uint32_t all_connections = 256;  // of all users together
    std::uint32_t connections = 64;       // the rest: of one user
    std::uint32_t streams = 64;
    std::uint32_t requests_per_second = 100;
    std::uint64_t bytes = 16ULL << 20;  // received in part, or waiting to be sent
    std::uint32_t files = 192;          // passed here, or copied from one, and not closed
};

// At most this number of refused connections, of all users together, stay open for a moment, so that the
// client can read why.
inline constexpr std::uint32_t kTurnedAway = 16;

enum class Held : std::uint8_t { connection, stream, byte };

// Always held by a shared_ptr. One thread.
class Account {
  public:
    // quota: the present limits, which may change while the account exists.
    Account(uid_t uid, std::shared_ptr<const Quota> quota) : uid_(uid), quota_(std::move(quota)) {}

    [[nodiscard]] bool limited() const { return uid_ != 0; }
    [[nodiscard]] std::uint64_t held(Held what) const { return held_[index(what)]; }
    [[nodiscard]] bool has_room(Held what) const { return !limited() || held(what) < limit(what); }

    // Charges this number of turns for one request, and returns the time at which the request may be
    // answered.
    [[nodiscard]] base::Pace::Time turn(base::Pace::Time now, std::uint32_t turns);

    // Counts the files that this user has passed, and copies of them, until close() has returned, which can
    // take as long as the user likes.
    [[nodiscard]] const base::Count& files() const { return files_; }
    // Error (unreachable): the user may pass no more files.
    [[nodiscard]] base::Result<void> may_bring_files() const;
    // Counts this user's sockets from accept() until close() has returned. Closing a socket can hang too: the
    // kernel first closes descriptors the user sent over it that were never received.
    [[nodiscard]] const base::Count& sockets() const { return sockets_; }
    // Returns how many of these sockets belong to connections that have ended.
    [[nodiscard]] std::uint64_t being_closed() const;
    // Error (unreachable): the user has as many connections as the limit allows, or too many that are still
    // being closed.
    [[nodiscard]] base::Result<void> may_connect() const;

    // Signals that there is room for bytes again.
    [[nodiscard]] loop::ChangeEvent& room() { return room_; }

    // Tells whether the account holds nothing and no request delays the next one, so that it can be
    // discarded.
    [[nodiscard]] bool idle(base::Pace::Time now) const {
        return held_ == Amounts{} && *files_ == 0 && *sockets_ == 0 && pace_.rested(now);
    }

  private:
    using Amounts = std::array<std::uint64_t, 3>;
    friend class Charge;
    [[nodiscard]] static constexpr std::size_t index(Held what) { return static_cast<std::size_t>(what); }
    [[nodiscard]] std::uint64_t limit(Held what) const;
    void change(Held what, std::uint64_t from, std::uint64_t to);

    uid_t uid_;
    std::shared_ptr<const Quota> quota_;
    Amounts held_{};
    base::Count files_ = std::make_shared<std::atomic<std::uint32_t>>(0);
    base::Count sockets_ = std::make_shared<std::atomic<std::uint32_t>>(0);
    base::Pace pace_;
    loop::ChangeEvent room_;
};

// An amount that is charged to an account until the Charge is destroyed. It is charged even if there is no
// room, so ask has_room() before.
class Charge {
  public:
    Charge() = default;
    Charge(std::shared_ptr<Account> account, Held what, std::uint64_t amount);
    Charge(Charge&& other) noexcept
        : account_(std::move(other.account_)), what_(other.what_), amount_(std::exchange(other.amount_, 0)) {}
    Charge& operator=(Charge&&) = delete;
    ~Charge() { set(0); }

    void set(std::uint64_t amount);
    [[nodiscard]] const std::shared_ptr<Account>& account() const { return account_; }

  private:
    std::shared_ptr<Account> account_;  // null: moved away
    Held what_ = Held::connection;
    std::uint64_t amount_ = 0;
};

}  // namespace packetsentry::quota
