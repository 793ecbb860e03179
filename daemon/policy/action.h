// The actions that clients request, and the permission that each needs.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>

namespace packetsentry::policy {

enum class Action : std::uint8_t {
    connect,
    start_job,
    see_job,     // list, show
    follow_job,  // new rows of a job
    read_past,   // rows recorded before the request, and all rows of a job that has ended
    stop_job,
    change_filter,
    renew_job,
    see_daemon,   // status, interfaces
    read_policy,  // asks what the client itself may do
};
inline constexpr std::array kActions = {
    Action::connect,  Action::start_job,     Action::see_job,   Action::follow_job, Action::read_past,
    Action::stop_job, Action::change_filter, Action::renew_job, Action::see_daemon, Action::read_policy};

// The permissions that a rule of the policy file can give.
// keep is given by a rule alone: where there is no policy file, only root has it.
enum class Permission : std::uint8_t { view, start, stop, filter, save, past, keep };
inline constexpr std::array kPermissions = {Permission::view,   Permission::start, Permission::stop,
                                            Permission::filter, Permission::save,  Permission::past,
                                            Permission::keep};
using Permissions = std::bitset<kPermissions.size()>;

// Returns nothing if every member of the socket's group may do this.
[[nodiscard]] std::optional<Permission> needed_for(Action action);

// Convert a permission to its word in the policy file, such as "view", and back.
[[nodiscard]] std::string_view word_of(Permission permission);
[[nodiscard]] std::optional<Permission> find_permission(std::string_view word);
[[nodiscard]] inline std::size_t place_of(Permission permission) {
    return static_cast<std::size_t>(permission);
}

// Returns the words for a message such as "you may not follow job 3".
[[nodiscard]] const char* name_of(Action action);

}  // namespace packetsentry::policy
