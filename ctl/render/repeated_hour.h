// The hour that local clocks show twice, when they are put back in autumn.
#pragma once

#include <ctime>
#include <optional>

namespace packetsentry::ctl::render {

// For times in whatever order; on a day without a change of the clocks nearby it costs a comparison.
class RepeatedHour {
  public:
    // Tells whether the clocks show the same at another second too. local: the second as localtime_r() breaks
    // it down.
    [[nodiscard]] bool covers(std::time_t second, const std::tm& local);

  private:
    std::optional<std::time_t> quiet_day_;  // since 1970: the clocks are not put near it
};

}  // namespace packetsentry::ctl::render
