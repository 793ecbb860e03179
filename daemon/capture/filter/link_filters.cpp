#include "daemon/capture/filter/link_filters.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "daemon/capture/file/capture_reader.h"

namespace packetsentry::capture {
namespace {

constexpr std::uint32_t kEthernet = 1;
// No honest file has more; a packet of any further one does not pass.
constexpr std::size_t kLinkTypeLimit = 64;

}  // namespace

base::Result<LinkFilters> LinkFilters::make(CaptureFilter filter, std::span<const SourceInterface> known) {
    LinkFilters filters(std::move(filter));
    if (filters.passes_all_) return filters;
    if (known.empty()) {
        if (auto added = filters.add(kEthernet); !added) return std::unexpected(std::move(added.error()));
    }
    std::optional<base::Error> first_error;
    for (const SourceInterface& interface : known) {
        auto added = filters.add(interface.link_type);
        if (added) return filters;
        if (!first_error) first_error = std::move(added.error());
        if (filters.filters_.size() == kLinkTypeLimit) break;
    }
    if (first_error) return std::unexpected(std::move(*first_error));
    return filters;
}

base::Result<std::vector<FilterProgram>> LinkFilters::programs_of(std::uint32_t link_type) const {
    std::vector<FilterProgram> programs;
    if (!filter_.options.passes_all())
        programs.push_back(FilterProgram::of_options(filter_.options, link_type, kSnapshotLength));
    if (!filter_.expression.empty()) {
        auto expression = FilterProgram::compile(filter_.expression, link_type, kSnapshotLength);
        if (!expression) return std::unexpected(std::move(expression.error()));
        programs.push_back(std::move(*expression));
    }
    return programs;
}

base::Result<void> LinkFilters::add(std::uint32_t link_type) {
    filters_.push_back({link_type, {}});
    auto programs = programs_of(link_type);
    if (!programs) return std::unexpected(std::move(programs.error()));
    filters_.back().programs = std::move(*programs);
    return {};
}

// Empty: nothing of this link type passes.
std::span<const FilterProgram> LinkFilters::programs_for(std::uint32_t link_type) {
    auto found = std::ranges::find(filters_, link_type, &LinkFilter::link_type);
    if (found == filters_.end()) {
        if (filters_.size() == kLinkTypeLimit) return {};
        (void)add(link_type);
        found = std::prev(filters_.end());
    }
    return found->programs;
}

bool LinkFilters::passes_programs(const Packet& packet) {
    const std::span<const FilterProgram> programs = programs_for(packet.link_type);
    return !programs.empty() && std::ranges::all_of(programs, [&](const FilterProgram& program) {
        return program.passes(packet);
    });
}

}  // namespace packetsentry::capture
