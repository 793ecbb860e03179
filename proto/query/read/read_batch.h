// A batch whose values are read, and one value of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "proto/rows/batch_view.h"
#include "proto/rows/fields.h"

namespace packetsentry::query {

// What is known of a batch beside its rows.
struct BatchOrigin {
    std::uint64_t first_sequence = 1;                 // event.sequence of the first row
    bool context = false;                             // no row of it was found, but each is near one
    std::optional<std::uint64_t> job = std::nullopt;  // of the daemon; none: the rows are from a file
};

struct ReadBatch {
    const proto::BatchView* view = nullptr;
    BatchOrigin origin = {};
};

struct FieldValue {
    rows::FieldKind kind = rows::FieldKind::text;  // says which of the members has the value
    std::uint64_t number = 0;    // of a number; of a flag, 0 or 1; of an address, its slot; else a time
    std::string_view text = {};  // bytes from the wire: escape before printing

    // Since 1970-01-01 UTC.
    [[nodiscard]] std::int64_t time_ns() const { return static_cast<std::int64_t>(number); }

    [[nodiscard]] static FieldValue of_number(std::uint64_t number) {
        return {.kind = rows::FieldKind::number, .number = number};
    }
    [[nodiscard]] static FieldValue of_text(std::string_view text) { return {.text = text}; }

    bool operator==(const FieldValue&) const = default;
};

}  // namespace packetsentry::query
