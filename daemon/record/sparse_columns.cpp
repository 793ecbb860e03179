#include "daemon/record/sparse_columns.h"

#include <algorithm>
#include <numeric>

namespace packetsentry::record {

SparseColumns::Known SparseColumns::add_column(wire::Batch& batch, const dissect::FieldInfo& info) {
    wire::Column* made = batch.add_column();
    made->set_field(info.number);
    made->set_kind(rows::column_kind(info.kind));
    made->set_list(info.list());
    made->set_keyword(info.keyword());
    return {&info, made->mutable_row(), made->mutable_number(), made->mutable_text_size(),
            made->mutable_text()};
}

const SparseColumns::Known* SparseColumns::find(wire::Batch& batch, const dissect::FieldInfo& info) {
    const std::size_t place = reinterpret_cast<std::uintptr_t>(&info) / sizeof info % latest_.size();
    const Known* known = latest_[place];
    if (known != nullptr && known->info == &info) return known;
    auto* const end = known_.begin() + count_;
    auto* const found =
        std::find_if(known_.begin(), end, [&](const Known& one) { return one.info == &info; });
    if (found == known_.end()) return nullptr;
    if (found == end) known_[count_++] = add_column(batch, info);
    return latest_[place] = found;
}

bool SparseColumns::append(wire::Batch& batch, std::uint32_t row, const dissect::Field& field,
                           std::uint32_t slot) {
    const Known* to = find(batch, *field.info);
    if (to == nullptr) return false;
    // A field that is not a list has one value a row: the outermost, which came first.
    if (!field.info->list() && !to->row->empty() && to->row->Get(to->row->size() - 1) == row) return true;
    to->row->Add(row);
    ++values_;
    switch (field.info->kind) {
        case dissect::FieldKind::text:
            to->text->append(field.text);
            to->text_size->Add(static_cast<std::uint32_t>(field.text.size()));
            text_bytes_ += field.text.size();
            break;
        case dissect::FieldKind::number:
        case dissect::FieldKind::time:
        case dissect::FieldKind::flag:
            to->number->Add(field.number);
            break;
        case dissect::FieldKind::address:
            to->number->Add(slot);
            break;
    }
    return true;
}

SparseColumns::Range SparseColumns::values_of(const Known& column, std::uint32_t first, std::uint32_t count) {
    const auto place = [&](std::uint32_t row) {
        return static_cast<int>(std::ranges::lower_bound(*column.row, row) - column.row->begin());
    };
    return {place(first), place(first + count)};
}

void SparseColumns::add_texts(const Known& to, const Known& from, Range range) {
    const auto sizes = std::span(from.text_size->data(), static_cast<std::size_t>(range.end));
    const auto before = sizes.first(static_cast<std::size_t>(range.begin));
    const std::size_t begin = std::accumulate(before.begin(), before.end(), std::size_t{0});
    const auto added = sizes.subspan(before.size());
    const std::size_t bytes = std::accumulate(added.begin(), added.end(), std::size_t{0});
    to.text->append(*from.text, begin, bytes);
    to.text_size->Add(added.begin(), added.end());
    text_bytes_ += bytes;
}

void SparseColumns::add(wire::Batch& batch, std::uint32_t at, const SparseColumns& from, std::uint32_t first,
                        std::uint32_t count, std::span<const std::uint16_t> slots) {
    for (const Known& column : std::span(from.known_).first(from.count_)) {
        const Range range = values_of(column, first, count);
        if (range.begin == range.end) continue;
        const Known* const to = find(batch, *column.info);
        if (to == nullptr) continue;
        for (int i = range.begin; i < range.end; ++i) to->row->Add(column.row->Get(i) - first + at);
        values_ += static_cast<std::size_t>(range.end - range.begin);
        if (column.info->kind == dissect::FieldKind::text)
            add_texts(*to, column, range);
        else if (column.info->kind == dissect::FieldKind::address)
            for (int i = range.begin; i < range.end; ++i) to->number->Add(slots[column.number->Get(i)]);
        else
            to->number->Add(column.number->begin() + range.begin, column.number->begin() + range.end);
    }
}

void SparseColumns::clear() {
    count_ = text_bytes_ = values_ = 0;
    latest_.fill(nullptr);
}

}  // namespace packetsentry::record
