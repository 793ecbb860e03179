#include "proto/query/evaluate/sparse_fields.h"

#include <optional>

#include "proto/query/aliases.h"
#include "proto/query/evaluate/dense_fields.h"
#include "proto/query/named_text.h"
#include "proto/query/number_texts.h"
#include "proto/query/restrictions.h"

namespace packetsentry::query {
namespace {

using proto::ColumnView;
using wire::Column;

Column::Kind kind_of(const Source& source) {
    return rows::column_kind(source.info->kind);
}

// The values of a column that belong to the name: all, or those of DNS records of one type, which have the
// types in another column, one for each value, or those that are numbers of the name.
class Chosen {
  public:
    Chosen(const BoundBatch& batch, const ColumnView& column, const Source& source) : column_(&column) {
        if (source.numbers != nullptr && source.numbers->only && column.kind() == Column::TEXT)
            numbers_.emplace(*source.numbers);
        if (source.restriction.kind != Restriction::Kind::record_type) return;
        type_ = source.restriction.name;
        types_ = batch.column(record_types_of(*source.info), Column::TEXT);
        none_ = types_ == nullptr || types_->values() != column.values();
    }

    [[nodiscard]] bool has(std::size_t value) {
        if (numbers_) return numbers_->number_of(column_->text(value)).has_value();
        return !none_ && (types_ == nullptr || types_->text(value) == type_);
    }

  private:
    const ColumnView* column_;
    std::optional<NumberTexts> numbers_;  // none: other texts are values too
    std::string_view type_;
    const ColumnView* types_ = nullptr;
    bool none_ = false;
};

// fits(i) says whether the value of this number fits.
template <typename Fits>
void mark_values(const ColumnView& column, Chosen& chosen, const Marks& marks, Fits fits) {
    for (std::size_t i = 0; i < column.values(); ++i)
        if (chosen.has(i)) marks.mark(column.row(i), fits(i));
}

void mark_column_texts(const ColumnView& column, Chosen& chosen, const Condition& condition,
                       const Source& source, const Marks& marks) {
    if (!condition.numeric()) {
        std::string room;
        return mark_values(column, chosen, marks, [&](std::size_t i) {
            return condition.fits(named_text(source, column.text(i), room));
        });
    }
    if (source.numbers == nullptr) return;  // the reader of names refuses this; nothing fits
    NumberTexts texts(*source.numbers);
    mark_values(column, chosen, marks, [&](std::size_t i) {
        const auto number = texts.number_of(column.text(i));
        return number ? condition.fits(std::uint64_t{*number}) : condition.fits_no_number();
    });
}

void mark_column_addresses(BoundBatch& batch, const ColumnView& column, Chosen& chosen,
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
    Chosen chosen(batch, *column, source);
    if (column->kind() == Column::ADDRESS)
        return mark_column_addresses(batch, *column, chosen, condition, source, marks);
    if (condition.presence()) return mark_values(*column, chosen, marks, [](std::size_t) { return false; });
    if (column->kind() == Column::TEXT) return mark_column_texts(*column, chosen, condition, source, marks);
    const bool is_time = source.info->kind == rows::FieldKind::time;
    mark_values(*column, chosen, marks, [&](std::size_t i) {
        const std::uint64_t number = column->number(i);
        return condition.fits(is_time ? time_key(static_cast<std::int64_t>(number)) : number);
    });
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
    const bool fits = condition.fits(std::uint64_t{1});
    if (source.info->dense()) {
        MaskPool::Lent there = batch.lend_mask();
        (void)mark_dense(batch, condition, source, {.fits = {}, .there = there.mask()});
        for (std::uint32_t row = 0; row < batch.rows(); ++row)
            if (there.mask()[row] != 0) marks.mark(row, fits);
        return;
    }
    const ColumnView* const column = batch.column(source.info->path, kind_of(source));
    if (column == nullptr) return;
    Chosen chosen(batch, *column, source);
    mark_values(*column, chosen, marks, [fits](std::size_t) { return fits; });
}

}  // namespace packetsentry::query
