#include "daemon/quota/accounts.h"

#include <string>

namespace packetsentry::quota {

using base::ErrorCode;

std::shared_ptr<Account> Accounts::of(uid_t uid) {
    auto& account = accounts_[uid];
    if (!account) account = std::make_shared<Account>(uid, quota_);
    return account;
}

base::Result<Charge> Accounts::connect(uid_t uid) {
    auto account = of(uid);
    if (auto may = account->may_connect(); !may) return std::unexpected(may.error());
    if (account->limited() && held(Held::connection) >= quota_->all_connections)
        return base::fail(ErrorCode::unreachable, "packetsentryd has " +
                                                      std::to_string(held(Held::connection)) +
                                                      " connections, which is the limit; try again later");
    if (account->limited() && being_closed() >= kBeingClosed)
        return base::fail(ErrorCode::unreachable,
                          std::to_string(being_closed()) +
                              " connections to packetsentryd are still being closed, which is the limit; try "
                              "again later");
    return Charge(std::move(account), Held::connection, 1);
}

std::uint64_t Accounts::held(Held what) const {
    std::uint64_t sum = 0;
    for (const auto& [uid, account] : accounts_) sum += account->held(what);
    return sum;
}

std::uint64_t Accounts::being_closed() const {
    std::uint64_t sum = 0;
    for (const auto& [uid, account] : accounts_) sum += account->being_closed();
    return sum;
}

void Accounts::trim(base::Pace::Time now) {
    std::erase_if(accounts_, [&](const auto& entry) { return entry.second->idle(now); });
}

}  // namespace packetsentry::quota
