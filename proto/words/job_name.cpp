#include "proto/words/job_name.h"

#include <algorithm>
#include <string>

namespace packetsentry::proto {
namespace {

constexpr std::size_t kLongest = 64;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool may_be_in_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '.' || c == '_' ||
           c == '-';
}

}  // namespace

base::Result<void> check_job_name(std::string_view name) {
    const std::string shown = "'" + std::string(name.substr(0, kLongest)) + "'";
    if (name.empty() || name.size() > kLongest || !std::ranges::all_of(name, may_be_in_name))
        return base::fail(base::ErrorCode::usage,
                          "a job cannot be called " + shown +
                              "; use 1 to 64 characters of a-z, A-Z, 0-9, dot, dash and underscore");
    if (std::ranges::all_of(name, is_digit))
        return base::fail(base::ErrorCode::usage, "a job cannot be called " + shown +
                                                      ": a name of digits only would be read as a job's id");
    return {};
}

}  // namespace packetsentry::proto
