#include "daemon/control/user_database.h"

#include <algorithm>
#include <utility>

#include "daemon/log/log.h"

namespace packetsentry::control {

namespace asio = boost::asio;

namespace {

using Found = base::Result<base::Identity>;
using Clock = std::chrono::steady_clock;

}  // namespace

const base::Identity* UserDatabase::known(uid_t user) const {
    const auto found = entries_.find(user);
    return found == entries_.end() ? nullptr : &found->second.identity;
}

bool UserDatabase::is_fresh(uid_t user, Time now) const {
    const auto found = entries_.find(user);
    return found != entries_.end() && now - found->second.at <= kFresh;
}

asio::awaitable<bool> UserDatabase::look_up(uid_t user, std::chrono::milliseconds max_age) {
    const auto found = entries_.find(user);
    if (found != entries_.end() && Clock::now() - found->second.at <= max_age) co_return false;
    if (found == entries_.end() && entries_.size() >= kKept) co_return false;
    const std::function<Found()> call = [look_up = look_up_, user] { return look_up(user); };
    const auto answer = co_await helper_.ask<Found>(call, kPatience);
    const bool answered = answer && *answer;
    if (!answered && !std::exchange(silent_, true))
        log::tell(log::Event::trouble, {}, "{}; what it said before stands",
                  answer ? answer->error().message : "the user database does not answer");
    if (!answered) co_return false;
    silent_ = false;
    co_return take(user, **answer);
}

// A user who was there and is not found any more may be gone, or the service that knows the user is down and
// does not say so: the second time it is believed.
bool UserDatabase::take(uid_t user, base::Identity identity) {
    const auto [place, is_new] = entries_.try_emplace(user);
    Entry& entry = place->second;
    entry.at = Clock::now();
    if (entry.identity.known && !identity.known && !std::exchange(entry.missing, true)) return false;
    entry.missing = false;
    const bool changed = !is_new && entry.identity != identity;
    entry.identity = std::move(identity);
    return changed;
}

void UserDatabase::trim(const std::vector<uid_t>& needed, Time now) {
    std::erase_if(entries_, [&](const auto& entry) {
        return now - entry.second.at > kFresh && std::ranges::find(needed, entry.first) == needed.end();
    });
}

}  // namespace packetsentry::control
