// The columns that only some rows have, one a field name.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
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
    // Adds what the columns of another batch have in count rows from the row first on, which become the rows
    // from the row at on. slots: what each slot of the other batch is in this one. There must be room for
    // the columns.
    void add(wire::Batch& batch, std::uint32_t at, const SparseColumns& from, std::uint32_t first,
             std::uint32_t count, std::span<const std::uint16_t> slots);
    // Calls use(slot) with each slot that these rows name.
    template <typename Use>
    void for_slots(std::uint32_t first, std::uint32_t count, Use use) const;
    void clear();

    // Since clear().
    [[nodiscard]] std::size_t text_bytes() const { return text_bytes_; }
    [[nodiscard]] std::size_t values() const { return values_; }
    [[nodiscard]] bool full() const { return count_ == kLimit; }
    [[nodiscard]] std::size_t count() const { return count_; }  // of columns

  private:
    // What a column's values go into, looked up once a batch.
    struct Known {
        const dissect::FieldInfo* info = nullptr;
        google::protobuf::RepeatedField<std::uint32_t>* row = nullptr;
        google::protobuf::RepeatedField<std::uint64_t>* number = nullptr;
        google::protobuf::RepeatedField<std::uint32_t>* text_size = nullptr;
        std::string* text = nullptr;
    };
    // Which values of a column are those of some rows.
    struct Range {
        int begin = 0;
        int end = 0;
    };
    [[nodiscard]] static Range values_of(const Known& column, std::uint32_t first, std::uint32_t count);
    void add_texts(const Known& to, const Known& from, Range range);
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

template <typename Use>
void SparseColumns::for_slots(std::uint32_t first, std::uint32_t count, Use use) const {
    for (const Known& column : std::span(known_).first(count_)) {
        if (column.info->kind != dissect::FieldKind::address) continue;
        const Range range = values_of(column, first, count);
        for (int i = range.begin; i < range.end; ++i) use(column.number->Get(i));
    }
}

}  // namespace packetsentry::record
