#include "proto/query/evaluate/bound_batch.h"

namespace packetsentry::query {
namespace {

constexpr std::size_t kSlotBytes = 16;

}  // namespace

const proto::ColumnView* BoundBatch::column(std::string_view path, wire::Column::Kind kind) const {
    for (const proto::ColumnView& column : view_->columns())
        if (column.name() == path) return column.kind() == kind ? &column : nullptr;
    return nullptr;
}

const BoundBatch::Slots& BoundBatch::slots(const Condition& condition, std::uint8_t size) {
    if (slots_of_ == &condition && slots_size_ == size) return slots_;
    slots_of_ = &condition;
    slots_size_ = size;
    const std::string_view sizes = view_->fields().address_size;
    const char* const bytes = view_->fields().address.data();
    slot_fits_.assign(sizes.size() + 1, 0);
    slot_there_.assign(sizes.size() + 1, 0);
    slots_ = {};
    for (std::size_t slot = 0; slot < sizes.size(); ++slot) {
        const auto slot_size = static_cast<std::uint8_t>(sizes[slot]);
        if (size != 0 && slot_size != size) continue;
        slot_there_[slot + 1] = 1;
        slots_.any_there = true;
        if (condition.presence() || !condition.fits(AddressKey::of(bytes + kSlotBytes * slot, slot_size)))
            continue;
        slot_fits_[slot + 1] = 1;
        slots_.any_fits = true;
    }
    slots_.fits = slot_fits_;
    slots_.there = slot_there_;
    return slots_;
}

}  // namespace packetsentry::query
