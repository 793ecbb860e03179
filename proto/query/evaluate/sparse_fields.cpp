#include "proto/query/evaluate/sparse_fields.h"

#include "proto/query/aliases.h"
#include "proto/query/number_texts.h"

namespace packetsentry::query {
namespace {

using proto::ColumnView;
using wire::Column;

Column::Kind kind_of(const Source& source) {
    return static_cast<Column::Kind>(source.info->kind);
}

// The values of a column that belong to the name: all, or those of DNS records of one type, which have the
// types in another column, one for each value.
class Chosen {
  public:
    Chosen(const BoundBatch& batch, const ColumnView& column, const Restriction& restriction) {
        if (restriction.kind != Restriction::Kind::record_type) return;
        type_ = restriction.name;
        types_ = batch.column("dns.answers.type", Column::TEXT);
        none_ = types_ == nullptr || types_->values() != column.values();
    }

    [[nodiscard]] bool has(std::size_t value) const {
        return !none_ && (types_ == nullptr || types_->text(value) == type_);
    }

  private:
    std::string_view type_;
    const ColumnView* types_ = nullptr;
    bool none_ = false;
};

// fits(i) says whether the value of this number fits.
template <typename Fits>
void mark_values(const ColumnView& column, const Chosen& chosen, const Marks& marks, Fits fits) {
    for (std::size_t i = 0; i < column.values(); ++i)
        if (chosen.has(i)) marks.mark(column.row(i), fits(i));
}

void mark_column_texts(const ColumnView& column, const Chosen& chosen, const Condition& condition,
                       const Source& source, const Marks& marks) {
    if (!condition.numeric())
        return mark_values(column, chosen, marks,
                           [&](std::size_t i) { return condition.fits(column.text(i)); });
    if (source.numbers == nullptr) return;  // the reader of names refuses this; nothing fits
    NumberTexts texts(*source.numbers);
    mark_values(column, chosen, marks, [&](std::size_t i) {
        const auto number = texts.number_of(column.text(i));
        return number ? condition.fits(std::uint64_t{*number}) : condition.fits_no_number();
    });
}

void mark_column_addresses(BoundBatch& batch, const ColumnView& column, const Chosen& chosen,
                           const Condition& condition, const Source& source, const Marks& marks) {
    const BoundBatch::Slots& slots = batch.slots(condition, source.address_size);
    if (!slots.any_there) return;
    for (std::size_t i = 0; i < column.values(); ++i) {
        const std::size_t slot = column.number(i);
        if (slots.there[slot] != 0 && chosen.has(i)) marks.mark(column.row(i), slots.fits[slot] != 0);
    }
}

}  // namespace

void mark_sparse(BoundBatch& batch, const Condition& condition, const Source& source, const Marks& marks) {
    const ColumnView* const column = batch.column(source.info->path, kind_of(source));
    if (column == nullptr) return;
    const Chosen chosen(batch, *column, source.restriction);
    if (column->kind() == Column::ADDRESS)
        return mark_column_addresses(batch, *column, chosen, condition, source, marks);
    if (condition.presence()) return mark_values(*column, chosen, marks, [](std::size_t) { return false; });
    if (column->kind() == Column::TEXT) return mark_column_texts(*column, chosen, condition, source, marks);
    mark_values(*column, chosen, marks, [&](std::size_t i) { return condition.fits(column->number(i)); });
}

void mark_listed(BoundBatch& batch, const Condition& condition, const Source& source, const Marks& marks) {
    const ColumnView* const owner = batch.column(kFlagListOwner, Column::TEXT);
    if (owner == nullptr) return;
    MaskPool::Lent set = batch.lend_mask();
    if (const ColumnView* const list = batch.column(source.info->path, Column::TEXT))
        for (std::size_t i = 0; i < list->values(); ++i)
            if (list->text(i) == condition.field().word) set.mask()[list->row(i)] = 1;
    const bool fits[] = {condition.fits(std::uint64_t{0}), condition.fits(std::uint64_t{1})};
    for (std::size_t i = 0; i < owner->values(); ++i)
        marks.mark(owner->row(i), fits[set.mask()[owner->row(i)]]);
}

void mark_presence(BoundBatch& batch, const Condition& condition, const Source& source, const Marks& marks) {
    const ColumnView* const column = batch.column(source.info->path, kind_of(source));
    if (column == nullptr) return;
    const bool fits = condition.fits(std::uint64_t{1});
    for (std::size_t i = 0; i < column->values(); ++i) marks.mark(column->row(i), fits);
}

}  // namespace packetsentry::query
