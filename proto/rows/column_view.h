// One sparse column of a batch. Values are numbered from 0; row(i) ascends.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/base/address.h"
#include "proto/rows/batch_fields.h"
#include "proto/rows/fields.h"

namespace packetsentry::proto {

// The addresses of a batch. Refers to its bytes.
class AddressDictionary {
  public:
    // sizes: a byte for each address. addresses: one behind the other, as many bytes as these are together.
    AddressDictionary(std::string_view addresses, std::string_view sizes);

    [[nodiscard]] std::size_t slots() const { return sizes_.size(); }
    // slot 0 gives no address.
    [[nodiscard]] base::Address address(std::uint32_t slot) const {
        return slot == 0 ? base::Address{} : base::Address::from(std::as_bytes(bytes(slot)));
    }
    // Its bytes, and how many they are, for a slot that is not 0.
    [[nodiscard]] std::span<const char> bytes(std::uint32_t slot) const {
        return {addresses_.data() + begin_[slot - 1], size(slot)};
    }
    [[nodiscard]] std::uint8_t size(std::uint32_t slot) const {
        return static_cast<std::uint8_t>(sizes_[slot - 1]);
    }

  private:
    std::string_view addresses_;
    std::string_view sizes_;
    std::vector<std::uint32_t> begin_;  // of each slot
};

// Refers to the fields and to the dictionary, which must outlive it unchanged.
class ColumnView {
  public:
    // What is wrong with the column shows when it is asked for: it has no values then, or zeros for them, and
    // broken() is true from then on. So it is used by one thread at a time.
    ColumnView(const ColumnFields& fields, std::uint32_t rows, const AddressDictionary& dictionary)
        : fields_(&fields),
          field_(rows::find_field(fields.field)),
          batch_rows_(rows),
          dictionary_(&dictionary) {}
    // Reads all of it, after which any thread may use it. Returns what is wrong; null: nothing.
    [[nodiscard]] const char* read() const;

    // Null: the table of fields does not have it.
    [[nodiscard]] const rows::FieldInfo* field() const { return field_; }
    // A path, of whoever made the batch if the table of fields does not have it.
    [[nodiscard]] std::string_view name() const { return field_ != nullptr ? field_->path : fields_->name; }
    [[nodiscard]] wire::Column::Kind kind() const { return fields_->kind; }
    [[nodiscard]] bool list() const { return fields_->list; }
    [[nodiscard]] bool keyword() const { return fields_->keyword; }
    [[nodiscard]] std::size_t values() const { return rows().size(); }
    [[nodiscard]] std::uint32_t row(std::size_t i) const { return rows()[i]; }
    // The row of each value.
    [[nodiscard]] std::span<const std::uint32_t> value_rows() const { return rows(); }
    // The first value of this row or of a later one; values(): there is none.
    [[nodiscard]] std::size_t first_value(std::uint32_t of_row) const {
        return static_cast<std::size_t>(std::ranges::lower_bound(rows(), of_row) - rows().begin());
    }
    [[nodiscard]] std::uint64_t number(std::size_t i) const {
        if (!values_read_) read_values();
        return numbers_[i];
    }
    // Bytes from the wire: escape before printing.
    [[nodiscard]] std::string_view text(std::size_t i) const {
        if (!values_read_) read_values();
        return {fields_->text.data() + text_begin_[i], text_begin_[i + 1] - text_begin_[i]};
    }
    [[nodiscard]] std::string_view all_text() const { return fields_->text; }
    [[nodiscard]] base::Address address(std::size_t i) const {
        return dictionary_->address(static_cast<std::uint32_t>(number(i)));
    }

    [[nodiscard]] bool broken() const { return problem_ != nullptr; }

  private:
    [[nodiscard]] std::span<const std::uint32_t> rows() const {
        if (!rows_read_) read_rows();
        return rows_;
    }
    void read_rows() const;
    void read_values() const;

    const ColumnFields* fields_;
    const rows::FieldInfo* field_;
    std::uint32_t batch_rows_;
    const AddressDictionary* dictionary_;
    mutable bool rows_read_ = false, values_read_ = false;
    mutable const char* problem_ = nullptr;
    mutable std::span<const std::uint32_t> rows_;
    mutable std::span<const std::uint64_t> numbers_;
    mutable std::vector<std::uint64_t> zeros_;
    mutable std::vector<std::uint32_t> text_begin_;  // of each value, and the end of the last one
};

}  // namespace packetsentry::proto
