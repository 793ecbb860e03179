#include "daemon/capture/link_filters.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/capture/capture_reader.h"

namespace packetsentry::capture {
namespace {

constexpr std::uint32_t kEthernet = 1;
// No honest file has more; a packet of any further one does not pass.
constexpr std::size_t kLinkTypeLimit = 64;

}  // namespace

base::Result<LinkFilters> LinkFilters::make(const std::string& expression,
                                            std::span<const SourceInterface> known) {
    LinkFilters filters(expression);
    if (expression.empty()) return filters;
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

base::Result<void> LinkFilters::add(std::uint32_t link_type) {
    auto program = FilterProgram::compile(expression_, link_type, kSnapshotLength);
    filters_.push_back({link_type, std::nullopt});
    if (!program) return std::unexpected(std::move(program.error()));
    filters_.back().program.emplace(std::move(*program));
    return {};
}

// Null: nothing of this link type passes.
const FilterProgram* LinkFilters::program_for(std::uint32_t link_type) {
    auto found = std::ranges::find(filters_, link_type, &LinkFilter::link_type);
    if (found == filters_.end()) {
        if (filters_.size() == kLinkTypeLimit) return nullptr;
        (void)add(link_type);
        found = std::prev(filters_.end());
    }
    return found->program ? &*found->program : nullptr;
}

bool LinkFilters::passes_program(const Packet& packet) {
    const FilterProgram* program = program_for(packet.link_type);
    return program != nullptr && program->passes(packet);
}

}  // namespace packetsentry::capture
