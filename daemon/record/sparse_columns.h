// The columns that only some rows have, one a field name.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "daemon/dissect/dissection.h"
#include "proto/batch.pb.h"

namespace packetsentry::record {

// Writes into one batch's Column messages; which column belongs to which field name is found by the
// name's address. clear() with the batch.
class SparseColumns {
  public:
    // slot: the address's slot in the dictionary, for address fields.
    void append(wire::Batch& batch, std::uint32_t row, const dissect::Field& field, std::uint32_t slot);
    void clear() { count_ = text_bytes_ = 0; }

    [[nodiscard]] std::size_t text_bytes() const { return text_bytes_; }  // since clear()

  private:
    [[nodiscard]] wire::Column* column(wire::Batch& batch, const dissect::FieldName& name);

    struct Known {
        const dissect::FieldName* name;
        wire::Column* column;
    };
    static constexpr std::size_t kLimit = 200;  // below what a reader takes (batch_view.h)
    std::array<Known, kLimit> known_;
    std::size_t count_ = 0;
    std::size_t text_bytes_ = 0;
};

}  // namespace packetsentry::record
