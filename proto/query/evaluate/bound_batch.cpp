#include "proto/query/evaluate/bound_batch.h"

namespace packetsentry::query {

const proto::ColumnView* BoundBatch::column(std::string_view path, wire::Column::Kind kind) const {
    for (const proto::ColumnView& column : view_->columns())
        if (column.name() == path) return column.kind() == kind ? &column : nullptr;
    return nullptr;
}

const BoundBatch::Slots& BoundBatch::slots(const Condition& condition, std::uint8_t size) {
    if (slots_of_ == &condition && slots_size_ == size) return slots_;
    slots_of_ = &condition;
    slots_size_ = size;
    const std::uint32_t slots = view_->address_slots();
    slot_fits_.assign(slots + std::size_t{1}, 0);
    slot_there_.assign(slots + std::size_t{1}, 0);
    slots_ = {};
    for (std::uint32_t slot = 1; slot <= slots; ++slot) {
        if (size != 0 && view_->address_size(slot) != size) continue;
        slot_there_[slot] = 1;
        slots_.any_there = true;
        if (condition.presence() || !condition.fits(AddressKey::of(view_->address(slot)))) continue;
        slot_fits_[slot] = 1;
        slots_.any_fits = true;
    }
    slots_.fits = slot_fits_;
    slots_.there = slot_there_;
    return slots_;
}

}  // namespace packetsentry::query
