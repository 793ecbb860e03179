// The values of the fields that every row of a batch has a place for: a function each, named by one table.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "proto/query/read/read_batch.h"
#include "proto/rows/fields.h"

namespace packetsentry::query {

using DenseValue = std::optional<FieldValue> (*)(const ReadBatch& batch, std::uint32_t row);

struct DenseRow {
    const rows::FieldInfo* info;
    DenseValue read;
};

// Null for a field that has no such function: packetsentry.summary is composed by whoever shows rows.
[[nodiscard]] DenseValue dense_value(const rows::FieldInfo& info);

// The part of the table that has the numbers of IP, TCP and UDP headers, and the chain of layers.
[[nodiscard]] std::span<const DenseRow> header_values();

}  // namespace packetsentry::query
