// What one user holds of the daemon, and how much of it he may: connections, streams, bytes that wait,
// requests a second. Whoever holds something for a user has a Charge for it, so that nothing is held twice
// or forgotten.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <memory>
#include <utility>

#include "daemon/base/closing.h"
#include "daemon/base/pace.h"
#include "daemon/stream/signal.h"

namespace packetsentry::control {

// The limits. Root has none but its jobs', and is not in the way of others' either: whoever looks after the
// machine gets in.
struct Quota {
    std::uint32_t all_connections = 256;  // of all users together
    std::uint32_t connections = 64;       // the rest: of one user
    std::uint32_t streams = 64;
    std::uint32_t requests_per_second = 100;
    std::uint64_t bytes = 16ULL << 20;  // received in part, or waiting to be sent
};

// Files of a user's that lie in file systems of somebody's own, or far away, and are open here or do not
// close: more than the outputs of any user's jobs.
inline constexpr std::uint32_t kForeignFiles = 64;
inline constexpr const char* kTooManyFiles =
    "64 files of yours are open here that lie in file systems of your own or far away, which is the limit; "
    "those "
    "that do not close have to answer first";

enum class Held : std::uint8_t { connection, stream, byte };

// Always held by a shared_ptr. One thread.
class Account {
  public:
    // quota: always the one in force.
    Account(uid_t uid, std::shared_ptr<const Quota> quota) : uid_(uid), quota_(std::move(quota)) {}

    [[nodiscard]] bool limited() const { return uid_ != 0; }
    [[nodiscard]] std::uint64_t held(Held what) const { return held_[index(what)]; }
    [[nodiscard]] bool has_room(Held what) const { return !limited() || held(what) < limit(what); }

    // When a request that is worth so many turns may be answered; the turns are taken.
    [[nodiscard]] base::Pace::Time turn(base::Pace::Time now, std::uint32_t turns);

    // A descriptor has arrived.
    void receive(int fd) const;
    // He may bring more of what may not close.
    [[nodiscard]] bool may_bring_files() const { return !limited() || *foreign_files_ < kForeignFiles; }

    // There is room for bytes again.
    [[nodiscard]] stream::Signal& room() { return room_; }

    // Nothing is held and nothing remembered.
    [[nodiscard]] bool idle(base::Pace::Time now) const {
        return held_ == Amounts{} && *foreign_files_ == 0 && pace_.rested(now);
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
    base::Count foreign_files_ = std::make_shared<std::atomic<std::uint32_t>>(0);
    base::Pace pace_;
    stream::Signal room_;
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

}  // namespace packetsentry::control
