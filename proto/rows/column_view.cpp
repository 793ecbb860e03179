#include "proto/rows/column_view.h"

#include <cstddef>

namespace packetsentry::proto {
namespace {

const char* problem_of_rows(const ColumnFields& fields, std::uint32_t rows) {
    const std::span<const std::uint32_t> row = fields.row.numbers();
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (row[i] >= rows) return "row of column";
        if (i == 0) continue;
        if (fields.list ? row[i] < row[i - 1] : row[i] <= row[i - 1]) return "order of column";
    }
    return nullptr;
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
    text_begin_.assign(1, 0);
    text_begin_.reserve(values + 1);
    for (const std::uint32_t size : fields_->text_size.numbers())
        text_begin_.push_back(text_begin_.back() + size);
}

}  // namespace packetsentry::proto
