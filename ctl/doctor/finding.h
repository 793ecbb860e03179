// The result of one check of the doctor.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/base/result.h"

namespace packetsentry::ctl::doctor {

enum class Verdict : std::uint8_t { ok, warn, fail, not_checked };

// The texts may quote bytes from outside; whoever prints them escapes them.
struct Finding {
    Verdict verdict = Verdict::ok;
    std::string message;
    std::string mend = {};                             // what to run or do; empty: nothing, or not known
    base::ErrorCode kind = base::ErrorCode::internal;  // of a failure: the exit code
    std::string_view check = {};                       // the check's name, set by examine()
};

}  // namespace packetsentry::ctl::doctor
