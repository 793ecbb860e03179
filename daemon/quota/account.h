// What one user holds of the daemon, and how much of it the user may hold: connections, streams, bytes that
// wait, files, requests a second. Whoever holds something for a user has a Charge for it, so that nothing is
// counted twice or forgotten.
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

// The limits of each user, and of all users together. Root has no limits but those of its jobs, and the
// limits on all users' connections do not stop it either: whoever looks after the machine gets in.
struct Quota {
    std::uint32_t all_connections = 256;  // of all users together
    std::uint32_t connections = 64;       // the rest: of one user
    std::uint32_t streams = 64;
    std::uint32_t requests_per_second = 100;
    std::uint64_t bytes = 16ULL << 20;  // received in part, or waiting to be sent
    std::uint32_t files = 192;          // passed here, or copied from one, and not closed
};

// At most so many refused connections, of all users together, stay open for a moment after they have been
// told why.
inline constexpr std::uint32_t kTurnedAway = 16;

enum class Held : std::uint8_t { connection, stream, byte };

// Always held by a shared_ptr. One thread.
class Account {
  public:
    // quota: always the one in force.
    Account(uid_t uid, std::shared_ptr<const Quota> quota) : uid_(uid), quota_(std::move(quota)) {}

    [[nodiscard]] bool limited() const { return uid_ != 0; }
    [[nodiscard]] std::uint64_t held(Held what) const { return held_[index(what)]; }
    [[nodiscard]] bool has_room(Held what) const { return !limited() || held(what) < limit(what); }

    // Takes so many turns for one request, and returns when that request may be answered.
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

    // There is room for bytes again.
    [[nodiscard]] loop::ChangeEvent& room() { return room_; }

    // Nothing is held and nothing remembered.
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

// A part of an account, given back when it goes. Not refused where there is no room: ask before.
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
