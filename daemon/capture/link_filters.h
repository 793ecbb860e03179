// One filter expression for a file whose interfaces may differ in link type.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/capture/filter_program.h"
#include "daemon/capture/packet.h"
#include "daemon/capture/packet_source.h"

namespace packetsentry::capture {

// Compiled once a link type. A link type that cannot have the expression ("ether host" of raw IP) passes
// nothing.
class LinkFilters {
  public:
    // known: the interfaces before the first packet; with none, the expression is tried on Ethernet.
    // "" passes everything. Error: filter, where none of their link types can have it.
    [[nodiscard]] static base::Result<LinkFilters> make(const std::string& expression,
                                                        std::span<const SourceInterface> known);

    [[nodiscard]] bool passes(const Packet& packet) { return expression_.empty() || passes_program(packet); }

  private:
    struct LinkFilter {
        std::uint32_t link_type;
        std::optional<FilterProgram> program;
    };

    explicit LinkFilters(std::string expression) : expression_(std::move(expression)) {}
    [[nodiscard]] base::Result<void> add(std::uint32_t link_type);
    [[nodiscard]] const FilterProgram* program_for(std::uint32_t link_type);
    [[nodiscard]] bool passes_program(const Packet& packet);

    std::string expression_;
    std::vector<LinkFilter> filters_;
};

}  // namespace packetsentry::capture
