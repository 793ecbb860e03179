// The accounts of all users who hold something, and the limits that apply to them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>

#include "daemon/base/result.h"
#include "daemon/quota/account.h"

namespace packetsentry::quota {

// Cannot be copied or moved. Used by one thread.
class Accounts {
  public:
    // At most this number of connections of all users together may be in the middle of being closed. Without
    // this limit they could use up all descriptors.
    static constexpr std::uint64_t kBeingClosed = 512;

    explicit Accounts(const Quota& quota) : quota_(std::make_shared<Quota>(quota)) {}
    Accounts(const Accounts&) = delete;
    Accounts& operator=(const Accounts&) = delete;

    // Charges a user for one more connection. Error (unreachable): this user has too many, or all users
    // together have.
    [[nodiscard]] base::Result<Charge> connect(uid_t uid);

    // Returns the user's Account::sockets(), and makes the account where there is none yet.
    [[nodiscard]] base::Count sockets(uid_t uid) { return of(uid)->sockets(); }

    // These are sums over all users.
    [[nodiscard]] std::uint64_t held(Held what) const;
    [[nodiscard]] std::uint64_t being_closed() const;

    // If a new limit is lower, users who hold more keep what they hold.
    void set_quota(Quota quota) {
        quota.files = std::max(quota.files, quota_->files);  // a user over the limit could not stop any job
        *quota_ = quota;
    }

    // Discards the accounts of users who hold nothing and whose next request would not be delayed.
    void trim(base::Pace::Time now);
    [[nodiscard]] std::size_t size() const { return accounts_.size(); }

  private:
    [[nodiscard]] std::shared_ptr<Account> of(uid_t uid);

    std::shared_ptr<Quota> quota_;  // accounts may outlive this
    std::map<uid_t, std::shared_ptr<Account>> accounts_;
};

}  // namespace packetsentry::quota
