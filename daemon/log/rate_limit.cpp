#include "daemon/log/rate_limit.h"

#include <algorithm>

namespace packetsentry::log {
namespace {

// Whom a line is about: the user, else the job.
Fields subject_of(const Fields& fields) {
    for (const std::string_view name : {kUid, kJob}) {
        const auto found = std::ranges::find(fields, name, &Field::name);
        if (found != fields.end()) return {*found};
    }
    return {};
}

std::string key_of(const Kind& kind, const Fields& about) {
    return std::string(kind.message_id) + (about.empty() ? "" : about.front().value);
}

}  // namespace

bool RateLimit::allow(const Kind& kind, const Fields& fields, std::string_view text, Time now) {
    if (!kind.limited) return true;
    Fields about = subject_of(fields);
    std::string key = key_of(kind, about);
    if (accounts_.size() >= kSubjects && !accounts_.contains(key)) {
        about.clear();
        key = key_of(kind, about);
    }
    Account& account = accounts_.try_emplace(key, Account{now, 0, {about, {}, 0}}).first->second;
    if (account.told < kLines) {
        ++account.told;
        return true;
    }
    if (account.left_out.lines++ == 0) account.left_out.text = text;
    return false;
}

std::vector<RateLimit::Suppressed> RateLimit::take_due(Time now) {
    std::vector<Suppressed> due;
    std::erase_if(accounts_, [&](const auto& entry) {
        const Account& account = entry.second;
        if (now - account.begin < kWhile) return false;
        if (account.left_out.lines != 0) due.push_back(account.left_out);
        return true;
    });
    return due;
}

}  // namespace packetsentry::log
