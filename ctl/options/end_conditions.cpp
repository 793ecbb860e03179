#include "ctl/options/end_conditions.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "ctl/options/typed_quantity.h"

namespace packetsentry::ctl {
namespace {

struct Condition {
    std::string_view name;
    std::string_view meaning;
    base::Result<std::uint64_t> (*parse)(std::string_view);
    std::uint64_t (wire::Until::*get)() const;
    void (wire::Until::*set)(std::uint64_t);
};

constexpr std::array kConditions = {
    Condition{"duration", "after this time, as in 60s", parse_duration, &wire::Until::duration_ns,
              &wire::Until::set_duration_ns},
    Condition{"filesize", "when the output file has this size, as in 10MiB", parse_size,
              &wire::Until::file_bytes, &wire::Until::set_file_bytes},
    Condition{"packets", "after this number of packets", parse_count, &wire::Until::packets,
              &wire::Until::set_packets},
};

}  // namespace

std::vector<ConditionName> condition_names() {
    std::vector<ConditionName> names;
    for (const Condition& condition : kConditions) names.push_back({condition.name, condition.meaning});
    return names;
}

base::Result<void> add_condition(std::string_view text, wire::Until& until) {
    const std::size_t colon = text.find(':');
    const auto* condition = std::ranges::find(kConditions, text.substr(0, colon), &Condition::name);
    if (colon == std::string_view::npos || condition == kConditions.end())
        return base::fail(base::ErrorCode::usage,
                          "cannot end at '" + std::string(text) +
                              "': write -a duration:60s, -a filesize:10MiB or -a packets:100");
    const auto value = condition->parse(text.substr(colon + 1));
    if (!value) return std::unexpected(value.error());
    const std::uint64_t before = (until.*condition->get)();
    (until.*condition->set)(before == 0 ? *value : std::min(before, *value));
    return {};
}

}  // namespace packetsentry::ctl
