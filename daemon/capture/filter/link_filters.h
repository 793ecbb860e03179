// One filter for a file whose interfaces may differ in link type.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/capture/filter/filter_program.h"
#include "daemon/capture/packet.h"
#include "daemon/capture/packet_source.h"

namespace packetsentry::capture {

// Compiled once for each link type. A link type that cannot have the expression ("ether host" of raw IP)
// passes nothing. Options pass what they cannot decide on (FilterProgram::of_options()).
class LinkFilters {
  public:
    // known: the interfaces before the first packet; with none, the filter is tried on Ethernet.
    // Error: filter, where none of their link types can have it.
    [[nodiscard]] static base::Result<LinkFilters> make(CaptureFilter filter,
                                                        std::span<const SourceInterface> known);

    [[nodiscard]] bool passes(const Packet& packet) { return passes_all_ || passes_programs(packet); }

  private:
    struct LinkFilter {
        std::uint32_t link_type;
        std::vector<FilterProgram> programs;  // a packet must pass each; none: nothing passes
    };

    explicit LinkFilters(CaptureFilter filter)
        : filter_(std::move(filter)),
          passes_all_(filter_.options.passes_all() && filter_.expression.empty()) {}
    [[nodiscard]] base::Result<void> add(std::uint32_t link_type);
    [[nodiscard]] base::Result<std::vector<FilterProgram>> programs_of(std::uint32_t link_type) const;
    [[nodiscard]] std::span<const FilterProgram> programs_for(std::uint32_t link_type);
    [[nodiscard]] bool passes_programs(const Packet& packet);

    CaptureFilter filter_;
    bool passes_all_;
    std::vector<LinkFilter> filters_;
};

}  // namespace packetsentry::capture
