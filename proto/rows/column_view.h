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

namespace packetsentry::proto {

// Slots of 16 bytes, and a byte with the size of each. slot 0 gives no address.
struct AddressDictionary {
    std::string_view addresses = {};
    std::string_view sizes = {};

    [[nodiscard]] base::Address address(std::uint32_t slot) const;
};

// Refers to the fields, which must outlive it unchanged.
class ColumnView {
  public:
    // What is wrong with the column shows when it is asked for: it has no values then, or zeros for them, and
    // broken() is true from then on. So it is used by one thread at a time.
    ColumnView(const ColumnFields& fields, std::uint32_t rows, const AddressDictionary& dictionary)
        : fields_(&fields), batch_rows_(rows), dictionary_(dictionary) {}
    // Reads all of it, after which any thread may use it. Returns what is wrong; null: nothing.
    [[nodiscard]] const char* read() const;

    [[nodiscard]] std::string_view name() const { return fields_->name; }
    [[nodiscard]] wire::Column::Kind kind() const { return fields_->kind; }
    [[nodiscard]] bool list() const { return fields_->list; }
    [[nodiscard]] bool keyword() const { return fields_->keyword; }
    [[nodiscard]] std::size_t values() const { return rows().size(); }
    [[nodiscard]] std::uint32_t row(std::size_t i) const { return rows()[i]; }
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
        return dictionary_.address(static_cast<std::uint32_t>(number(i)));
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
    std::uint32_t batch_rows_;
    AddressDictionary dictionary_;
    mutable bool rows_read_ = false, values_read_ = false;
    mutable const char* problem_ = nullptr;
    mutable std::span<const std::uint32_t> rows_;
    mutable std::span<const std::uint64_t> numbers_;
    mutable std::vector<std::uint64_t> zeros_;
    mutable std::vector<std::uint32_t> text_begin_;  // of each value, and the end of the last one
};

}  // namespace packetsentry::proto
