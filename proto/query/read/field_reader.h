// Reads the values of a name from batches, row by row.
//
//   name --resolve_to_read()--> Reference --> FieldReader --bind(batch)--> values(row)
//
// A name has the values that a display filter would compare (expression.h), in the order of the packet.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "proto/query/expression.h"
#include "proto/query/read/read_batch.h"
#include "proto/query/read/source_reader.h"

namespace packetsentry::query {

class FieldReader {
  public:
    // packetsentry.summary has no values here: it is composed by whoever shows rows.
    FieldReader(const Reference& field, NamedValues named);

    // Forgets the batch before. The view must remain live while values are read.
    void bind(const proto::BatchView& view, const BatchOrigin& origin = {});
    // All values of the row; a protocol's name once for each layer that is one. Rows must be asked for in
    // ascending order. The values and their texts are valid until the next call. Allocates nothing once it
    // has seen the row with the most values.
    [[nodiscard]] std::span<const FieldValue> values(std::uint32_t row);

  private:
    void count_layers(const proto::BatchView& view);

    std::string_view layer_;  // of a protocol; else empty
    std::vector<SourceReader> sources_;
    const proto::BatchView* view_ = nullptr;
    std::vector<std::uint32_t>
        layers_in_chain_;  // for each chain of the batch, how many of its layers are this one
    std::vector<FieldValue> values_;
};

}  // namespace packetsentry::query
