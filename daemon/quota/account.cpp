#include "daemon/quota/account.h"

#include <algorithm>
#include <string>

namespace packetsentry::quota {

std::uint64_t Account::limit(Held what) const {
    switch (what) {
        case Held::connection:
            return quota_->connections;
        case Held::stream:
            return quota_->streams;
        case Held::byte:
            return quota_->bytes;
    }
    return 0;
}

std::uint64_t Account::being_closed() const {
    const std::uint64_t open = *sockets_;
    return open - std::min(open, held(Held::connection));
}

base::Result<void> Account::may_connect() const {
    if (!has_room(Held::connection))
        return base::fail(base::ErrorCode::unreachable,
                          "you have " + std::to_string(held(Held::connection)) +
                              " connections to packetsentryd, which is the limit; end one of your clients");
    // The one that is asked for is among them.
    if (limited() && being_closed() > quota_->connections + kTurnedAway)
        return base::fail(base::ErrorCode::unreachable,
                          std::to_string(being_closed() - 1) +
                              " ended connections of yours are still being closed, which is the limit; they "
                              "wait for the file systems of the files that were sent over them");
    return {};
}

base::Result<void> Account::may_bring_files() const {
    if (!limited() || *files_ < quota_->files) return {};
    return base::fail(base::ErrorCode::unreachable,
                      std::to_string(quota_->files) +
                          " files of yours are open in packetsentryd, which is the limit; a file cannot be "
                          "closed while its file system does not answer");
}

base::Pace::Time Account::turn(base::Pace::Time now, std::uint32_t turns) {
    return limited() ? pace_.take(now, turns, quota_->requests_per_second) : now;
}

void Account::change(Held what, std::uint64_t from, std::uint64_t to) {
    const bool had_room = has_room(what);
    held_[index(what)] += to - from;
    if (what == Held::byte && !had_room && has_room(what)) room_.notify();
}

Charge::Charge(std::shared_ptr<Account> account, Held what, std::uint64_t amount)
    : account_(std::move(account)), what_(what) {
    set(amount);
}

void Charge::set(std::uint64_t amount) {
    if (account_) account_->change(what_, std::exchange(amount_, amount), amount);
}

}  // namespace packetsentry::quota
