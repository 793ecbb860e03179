#include "daemon/control/user_database.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "daemon/log/log.h"
#include "daemon/loop/sleeper.h"
#include "daemon/loop/spawn.h"

namespace packetsentry::control {

namespace asio = boost::asio;

namespace {

using Found = base::Result<base::Identity>;
using Clock = std::chrono::steady_clock;

// A call that takes longer is given up, and its answer thrown away.
constexpr std::chrono::minutes kGivenUp{1};

}  // namespace

const base::Identity* UserDatabase::known(uid_t user) const {
    const auto found = entries_.find(user);
    return found == entries_.end() ? nullptr : &found->second.identity;
}

const base::Identity* UserDatabase::settled(uid_t user, Time now) const {
    const auto found = entries_.find(user);
    if (found == entries_.end()) return nullptr;
    const Entry& entry = found->second;
    const bool just_missing = !entry.identity.known && now - entry.missing_since < kMissing;
    return just_missing ? nullptr : &entry.identity;
}

bool UserDatabase::is_fresh(uid_t user, Time now) const {
    const auto found = entries_.find(user);
    return found != entries_.end() && now - found->second.at <= kFresh;
}

asio::awaitable<void> UserDatabase::look_up(uid_t user, std::chrono::milliseconds max_age) {
    const auto found = entries_.find(user);
    if (found != entries_.end() && Clock::now() - found->second.at <= max_age) co_return;
    const QuestionPtr question = question_about(user);
    loop::Sleeper sleeper(executor_, question->answered);
    const auto over = [&] { return question->over; };
    co_await sleeper.until(over, Clock::now() + kPatience);
    if (!question->over) tell_silence("the user database does not answer");
}

// However many wait for it, it is asked once.
UserDatabase::QuestionPtr UserDatabase::question_about(uid_t user) {
    const auto asked = questions_.find(user);
    if (asked != questions_.end()) return asked->second;
    auto question = std::make_shared<Question>();
    questions_.emplace(user, question);
    loop::spawn(executor_, ask(user, question));
    return question;
}

asio::awaitable<void> UserDatabase::ask(uid_t user, QuestionPtr question) {
    const std::function<Found()> call = [look_up = look_up_, user] { return look_up(user); };
    auto answer = co_await helper_.ask<Found>(call, kGivenUp);
    questions_.erase(user);
    if (answer && *answer) {
        silent_ = false;
        take(user, std::move(**answer), Clock::now());
    } else {
        tell_silence(answer ? answer->error().message : "the user database does not answer");
    }
    question->over = true;
    question->answered.notify();
}

void UserDatabase::tell_silence(const std::string& why) {
    if (!std::exchange(silent_, true))
        log::tell(log::Event::trouble, {}, "{}; its last answer stays in force", why);
}

void UserDatabase::take(uid_t user, base::Identity identity, Time now) {
    if (!entries_.contains(user)) make_room(identity.known);
    Entry& entry = entries_[user];
    entry.at = now;
    entry.missing_since = identity.known ? Time::max() : std::min(entry.missing_since, now);
    const bool just_missing = entry.identity.known && !identity.known && now - entry.missing_since < kMissing;
    if (!just_missing) entry.identity = std::move(identity);
}

// The oldest one goes.
void UserDatabase::make_room(bool for_known) {
    const auto alike = [&](const auto& entry) { return entry.second.identity.known == for_known; };
    const auto count = static_cast<std::size_t>(std::ranges::count_if(entries_, alike));
    if (count < (for_known ? kKept : kKeptUnknown)) return;
    auto oldest = entries_.end();
    for (auto entry = entries_.begin(); entry != entries_.end(); ++entry)
        if (alike(*entry) && (oldest == entries_.end() || entry->second.at < oldest->second.at))
            oldest = entry;
    entries_.erase(oldest);
}

void UserDatabase::trim(const std::vector<uid_t>& needed, Time now) {
    std::erase_if(entries_, [&](const auto& entry) {
        return now - entry.second.at > kFresh && std::ranges::find(needed, entry.first) == needed.end();
    });
}

}  // namespace packetsentry::control
