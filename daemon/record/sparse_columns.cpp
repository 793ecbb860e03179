#include "daemon/record/sparse_columns.h"

#include <algorithm>

namespace packetsentry::record {

SparseColumns::Known SparseColumns::add_column(wire::Batch& batch, const dissect::FieldInfo& info) {
    wire::Column* made = batch.add_column();
    made->set_field(info.number);
    made->set_kind(static_cast<wire::Column::Kind>(info.kind));
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
            to->number->Add(field.number);
            break;
        case dissect::FieldKind::address:
            to->number->Add(slot);
            break;
        case dissect::FieldKind::time:
        case dissect::FieldKind::flag:
            break;  // every row has these; they are no columns
    }
    return true;
}

void SparseColumns::clear() {
    count_ = text_bytes_ = values_ = 0;
    latest_.fill(nullptr);
}

}  // namespace packetsentry::record
