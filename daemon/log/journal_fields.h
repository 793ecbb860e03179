// The fields of a log line in the journal, which `journalctl PACKETSENTRY_UID=1000` searches.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace packetsentry::log {

struct Field {
    std::string_view name;  // static; as journal fields are named
    std::string value;
};
using Fields = std::vector<Field>;

inline constexpr std::string_view kJob = "PACKETSENTRY_JOB";  // its id
inline constexpr std::string_view kJobName = "PACKETSENTRY_JOB_NAME";
inline constexpr std::string_view kInterface = "PACKETSENTRY_INTERFACE";  // one field an interface
inline constexpr std::string_view kUid = "PACKETSENTRY_UID";              // who asked; of a job, its owner
inline constexpr std::string_view kAction = "PACKETSENTRY_ACTION";        // "start", "stop", "filter", …
inline constexpr std::string_view kVerdict = "PACKETSENTRY_VERDICT";      // "allowed" or "refused"
inline constexpr std::string_view kRule = "PACKETSENTRY_RULE";            // what decided, of the policy

[[nodiscard]] inline Field uid_field(uid_t uid) {
    return {kUid, std::to_string(uid)};
}

}  // namespace packetsentry::log
