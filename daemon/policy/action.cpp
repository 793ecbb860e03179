#include "daemon/policy/action.h"

#include <algorithm>

namespace packetsentry::policy {
namespace {

struct ActionKind {
    Action action;
    const char* name;
    std::optional<Permission> needs;
};

constexpr std::array kKinds = {
    ActionKind{Action::connect, "connect", std::nullopt},
    ActionKind{Action::start_job, "start", Permission::start},
    ActionKind{Action::see_job, "see", Permission::view},
    ActionKind{Action::follow_job, "follow", Permission::view},
    ActionKind{Action::read_past, "read the earlier rows of", Permission::past},
    ActionKind{Action::stop_job, "stop", Permission::stop},
    ActionKind{Action::change_filter, "change the filter of", Permission::filter},
    ActionKind{Action::renew_job, "renew", Permission::start},
    ActionKind{Action::see_daemon, "see the daemon", std::nullopt},
    ActionKind{Action::read_policy, "read the policy", std::nullopt},
};

constexpr std::array<std::string_view, kPermissions.size()> kWords = {"view", "start", "stop", "filter",
                                                                      "save", "past",  "keep"};

constexpr bool in_order() {
    for (std::size_t i = 0; i < kKinds.size(); ++i)
        if (static_cast<std::size_t>(kKinds[i].action) != i || kActions[i] != kKinds[i].action) return false;
    return kKinds.size() == kActions.size();
}
static_assert(in_order());

const ActionKind& kind_of(Action action) {
    return kKinds[static_cast<std::size_t>(action)];
}

}  // namespace

std::optional<Permission> needed_for(Action action) {
    return kind_of(action).needs;
}

std::string_view word_of(Permission permission) {
    return kWords[place_of(permission)];
}

std::optional<Permission> find_permission(std::string_view word) {
    const auto* const found = std::ranges::find(kWords, word);
    if (found == kWords.end()) return std::nullopt;
    return kPermissions[static_cast<std::size_t>(found - kWords.begin())];
}

const char* name_of(Action action) {
    return kind_of(action).name;
}

}  // namespace packetsentry::policy
