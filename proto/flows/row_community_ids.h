// Community IDs of packets, from their rows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "proto/flows/community_id.h"
#include "proto/flows/flow_key.h"
#include "proto/flows/row_tuples.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::flows {

// The SHA-1 of a conversation is computed once rather than for each of its packets: what was computed is kept
// from batch to batch. Each conversation has one place where it may be kept, so the memory is bounded, and a
// conversation takes the place of another one. Nothing is allocated before the first row is read.
class RowCommunityIds {
  public:
    struct Known {
        FlowKey key;
        CommunityHash hash;
        std::array<char, 1 + CommunityText().size() + 1> quotes;  // the identifier between two quotes

        [[nodiscard]] std::string_view id() const { return quoted().substr(1, CommunityText().size()); }
        // It has no character that a format escapes.
        [[nodiscard]] std::string_view quoted() const { return {quotes.data(), quotes.size()}; }
    };

    // These tables have an identifier that is computed. Flows have it as a column.
    [[nodiscard]] static bool are_for(const proto::BatchView& view) {
        return view.table() != wire::TABLE_FLOWS;
    }

    // Forgets the batch before, but not the identifiers. The view must remain live while rows are read. It
    // must be one that they are for.
    void bind(const proto::BatchView& view) { tuples_.bind(view); }

    // Rows must be asked for in ascending order.
    [[nodiscard]] bool has(std::uint32_t row) { return tuples_.at(row).has_value(); }
    // Null: the row has none (RowTuples). Valid until the next call.
    [[nodiscard]] const Known* at(std::uint32_t row) { return known_of(tuples_.at(row)); }
    // That of the innermost conversation of a packet in a tunnel. It is asked for and indexed, but shown by
    // the row of the conversation alone.
    [[nodiscard]] const Known* inner_at(std::uint32_t row) { return known_of(tuples_.inner_at(row)); }
    // Tells whether a row of the batch may have an inner one.
    [[nodiscard]] bool has_inner() const { return tuples_.has_inner(); }

  private:
    [[nodiscard]] const Known* known_of(const std::optional<FlowTuple>& tuple);

    static constexpr std::size_t kPlaces = 4096;

    RowTuples tuples_;
    // Each has kPlaces. The hashes of the keys are in few cache lines, and mostly tell already that a
    // conversation is not known.
    std::vector<std::uint64_t> key_hashes_;
    std::vector<Known> known_;  // an empty key belongs to no conversation
};

}  // namespace packetsentry::flows
