// Limits the lines of one kind about one user or job in a period, and counts the lines that are left out.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/log/event.h"
#include "daemon/log/journal_fields.h"

namespace packetsentry::log {

class RateLimit {
  public:
    using Clock = std::chrono::steady_clock;
    using Time = Clock::time_point;
    static constexpr std::uint32_t kLines = 10;
    static constexpr std::chrono::seconds kWhile{10};
    static constexpr std::size_t kSubjects = 256;  // followed at once; what is beyond shares one account

    // false: leave the line out; it is counted.
    [[nodiscard]] bool allow(const Kind& kind, const Fields& fields, std::string_view text, Time now);

    struct Suppressed {
        Fields about;      // the user or the job, if any
        std::string text;  // of the first one left out
        std::uint64_t lines = 0;
    };
    // Those whose while is over, each told once.
    [[nodiscard]] std::vector<Suppressed> take_due(Time now);

  private:
    struct Account {
        Time begin;
        std::uint32_t told = 0;
        Suppressed left_out;
    };
    std::map<std::string, Account> accounts_;
};

}  // namespace packetsentry::log
