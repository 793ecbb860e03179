#include "daemon/record/sparse_columns.h"

namespace packetsentry::record {

wire::Column* SparseColumns::column(wire::Batch& batch, const dissect::FieldName& name) {
    for (std::size_t i = 0; i < count_; ++i)
        if (known_[i].name == &name) return known_[i].column;
    if (count_ == kLimit) return nullptr;
    wire::Column* made = batch.add_column();
    made->set_name(std::string(name.path));
    made->set_kind(static_cast<wire::Column::Kind>(name.kind));
    made->set_list(name.list);
    known_[count_++] = {&name, made};
    return made;
}

void SparseColumns::append(wire::Batch& batch, std::uint32_t row, const dissect::Field& field,
                           std::uint32_t slot) {
    wire::Column* to = column(batch, *field.name);
    if (to == nullptr) return;
    // A field that is not a list has one value a row: the outermost, which came first.
    if (!to->list() && !to->row().empty() && *to->row().rbegin() == row) return;
    to->add_row(row);
    switch (field.name->kind) {
        case dissect::FieldKind::text:
            to->mutable_text()->append(field.text);
            to->add_text_size(static_cast<std::uint32_t>(field.text.size()));
            text_bytes_ += field.text.size();
            break;
        case dissect::FieldKind::number:
            to->add_number(field.number);
            break;
        case dissect::FieldKind::address:
            to->add_number(slot);
            break;
    }
}

}  // namespace packetsentry::record
