#include "proto/rows/column_view.h"

#include <cstddef>

namespace packetsentry::proto {
namespace {

// All rows are looked at in any case, several at a time.
bool ascend(std::span<const std::uint32_t> row, bool list) {
    unsigned wrong = 0;
    for (std::size_t i = 1; i < row.size(); ++i)
        wrong |= unsigned{row[i] < row[i - 1]} | (unsigned{!list} & unsigned{row[i] == row[i - 1]});
    return wrong == 0;
}

const char* problem_of_rows(const ColumnFields& fields, std::uint32_t rows) {
    const std::span<const std::uint32_t> row = fields.row.numbers();
    if (!row.empty() && std::ranges::max(row) >= rows) return "row of column";
    return ascend(row, fields.list) ? nullptr : "order of column";
}

const char* problem_of_values(const ColumnFields& fields, std::size_t slots) {
    const bool text = fields.kind == wire::Column::TEXT;
    if ((text ? fields.text_size.size() : fields.number.size()) != fields.row.size())
        return "values of column";
    std::uint64_t sum = 0;
    for (const std::uint32_t size : fields.text_size.numbers()) sum += size;
    if (sum != fields.text.size()) return "text of column";
    const auto is_slot = [slots](std::uint64_t number) { return number <= slots; };
    if (fields.kind == wire::Column::ADDRESS && !std::ranges::all_of(fields.number.numbers(), is_slot))
        return "address of column";
    return nullptr;
}

}  // namespace

AddressDictionary::AddressDictionary(std::string_view addresses, std::string_view sizes)
    : addresses_(addresses), sizes_(sizes), begin_(sizes.size()) {
    std::uint32_t begin = 0;
    for (std::size_t slot = 0; slot < sizes.size(); ++slot) {
        begin_[slot] = begin;
        begin += static_cast<unsigned char>(sizes[slot]);
    }
}

const char* ColumnView::read() const {
    if (!wire::Column::Kind_IsValid(kind())) problem_ = "column kind";
    if (problem_ == nullptr) read_rows();
    if (problem_ == nullptr) read_values();
    return problem_;
}

void ColumnView::read_rows() const {
    rows_read_ = true;
    problem_ = problem_of_rows(*fields_, batch_rows_);
    if (problem_ == nullptr) rows_ = fields_->row.numbers();
}

// A column whose rows could not be read has no values.
void ColumnView::read_values() const {
    values_read_ = true;
    const std::size_t values = rows().size();
    if (problem_ == nullptr) problem_ = problem_of_values(*fields_, dictionary_->slots());
    const bool text = kind() == wire::Column::TEXT;
    if (problem_ != nullptr) {
        zeros_.assign(text ? 0 : values, 0);
        numbers_ = zeros_;
        text_begin_.assign(text ? values + 1 : 0, 0);
        return;
    }
    numbers_ = fields_->number.numbers();
    if (!text) return;
    const std::span<const std::uint32_t> sizes = fields_->text_size.numbers();
    text_begin_.resize(values + 1);
    std::uint32_t begin = 0;
    for (std::size_t i = 0; i < values; ++i) text_begin_[i + 1] = begin += sizes[i];
}

}  // namespace packetsentry::proto
