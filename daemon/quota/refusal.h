// The journal fields of a log line about something that was refused.
#pragma once

#include "daemon/log/journal_fields.h"

namespace packetsentry::quota {

[[nodiscard]] inline log::Fields refused_fields(uid_t uid, const char* action) {
    return {log::uid_field(uid), {log::kAction, action}, {log::kVerdict, "refused"}};
}

}  // namespace packetsentry::quota
