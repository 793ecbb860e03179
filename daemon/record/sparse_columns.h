// The columns that only some rows have, one a field name.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "daemon/dissect/dissection.h"
#include "proto/messages/batch.pb.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::record {

// Writes into one batch's Column messages; which column belongs to which field name is found by the
// name's address. clear() with the batch.
class SparseColumns {
  public:
    // slot: the address's slot in the dictionary, for address fields. false: the batch can have no further
    // column, so the field is left out.
    [[nodiscard]] bool append(wire::Batch& batch, std::uint32_t row, const dissect::Field& field,
                              std::uint32_t slot);
    void clear();

    // Since clear().
    [[nodiscard]] std::size_t text_bytes() const { return text_bytes_; }
    [[nodiscard]] std::size_t values() const { return values_; }
    [[nodiscard]] bool full() const { return count_ == kLimit; }

  private:
    // What a column's values go into, looked up once a batch.
    struct Known {
        const dissect::FieldInfo* info = nullptr;
        google::protobuf::RepeatedField<std::uint32_t>* row = nullptr;
        google::protobuf::RepeatedField<std::uint64_t>* number = nullptr;
        google::protobuf::RepeatedField<std::uint32_t>* text_size = nullptr;
        std::string* text = nullptr;
    };
    [[nodiscard]] const Known* find(wire::Batch& batch, const dissect::FieldInfo& info);
    [[nodiscard]] static Known add_column(wire::Batch& batch, const dissect::FieldInfo& info);

    static constexpr std::size_t kLimit = proto::kBatchColumnLimit;
    std::array<Known, kLimit> known_;
    // The last column of each of the names that share a place: most look-ups end here. As the rows of the
    // table of fields lie one behind the other, none of them shares one.
    static constexpr std::size_t kPlaces = 256;
    static_assert(std::size(rows::kFields) <= kPlaces);
    std::array<const Known*, kPlaces> latest_{};
    std::size_t count_ = 0;
    std::size_t text_bytes_ = 0;
    std::size_t values_ = 0;
};

}  // namespace packetsentry::record
