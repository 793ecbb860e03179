// The names of the addresses of a batch.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "proto/messages/batch.pb.h"
#include "proto/rows/batch_fields.h"

namespace packetsentry::proto {

inline constexpr std::size_t kBatchNameLimit = 255;  // bytes of a name

struct AddressName {
    std::string_view text = {};  // bytes from the wire: escape before printing; empty: no name was seen
    wire::NameSource source = wire::NAME_SOURCE_UNKNOWN;

    bool operator==(const AddressName&) const = default;
};

class BatchNames {
  public:
    // Reads the names of a batch that has as many sizes and sources as named slots. Returns what is wrong
    // with them; there are no names then. Null: nothing is wrong. The fields may be moved afterwards, but
    // what they were made of must outlive this object unchanged.
    [[nodiscard]] const char* read(const BatchFields& fields);

    [[nodiscard]] AddressName of(std::uint32_t slot) const {
        const auto found = std::ranges::lower_bound(slots_, slot);
        if (found == slots_.end() || *found != slot) return {};
        const auto at = static_cast<std::size_t>(found - slots_.begin());
        return {texts_.substr(begin_[at], begin_[at + 1] - begin_[at]),
                static_cast<wire::NameSource>(sources_[at])};
    }

  private:
    std::span<const std::uint32_t> slots_;  // ascending
    std::string_view texts_;
    std::string_view sources_;
    std::vector<std::size_t> begin_;  // of each name in texts_, and the end of the last one
};

}  // namespace packetsentry::proto
