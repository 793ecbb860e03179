// The numbers of IP, TCP and UDP headers, and the chain of layers, of which nearly every row has a value.
#pragma once

#include <span>

#include "proto/query/evaluate/bound_batch.h"
#include "proto/rows/fields.h"

namespace packetsentry::query {

// A field, and what marks the rows by its values.
struct DenseField {
    const rows::FieldInfo* info;
    void (*mark)(BoundBatch&, const Condition&, const Source&, const Marks&);
};

[[nodiscard]] std::span<const DenseField> header_fields();

}  // namespace packetsentry::query
