// A batch while a filter is evaluated over it: what several comparisons need of it is made once.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "proto/flows/row_community_ids.h"
#include "proto/query/evaluate/condition.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::query {

// A byte a row, 0 or 1.
using Mask = std::span<std::uint8_t>;

// Masks that are lent and given back; none is freed before the filter is.
class MaskPool {
  public:
    class Lent {
      public:
        Lent(MaskPool& pool, std::vector<std::uint8_t>& mask) : pool_(&pool), mask_(&mask) {}
        Lent(const Lent&) = delete;
        Lent& operator=(const Lent&) = delete;
        ~Lent() { --pool_->lent_; }

        [[nodiscard]] Mask mask() { return *mask_; }

      private:
        MaskPool* pool_;
        std::vector<std::uint8_t>* mask_;
    };

    // All zeros.
    [[nodiscard]] Lent lend(std::size_t rows) {
        if (lent_ == masks_.size()) masks_.push_back(std::make_unique<std::vector<std::uint8_t>>());
        std::vector<std::uint8_t>& mask = *masks_[lent_++];
        mask.assign(rows, 0);
        return {*this, mask};
    }

  private:
    std::vector<std::unique_ptr<std::vector<std::uint8_t>>> masks_;
    std::size_t lent_ = 0;
};

// Where the rows of a column are marked: those that have a value that fits, and those that have any. Either
// may be empty, and is left alone then.
struct Marks {
    Mask fits = {};
    Mask there = {};

    void mark(std::size_t row, bool fitting) const {
        if (!fits.empty()) fits[row] |= static_cast<std::uint8_t>(fitting);
        if (!there.empty()) there[row] = 1;
    }
};

// Refers to its arguments, which must outlive it.
class BoundBatch {
  public:
    BoundBatch(const proto::BatchView& view, MaskPool& pool, flows::RowCommunityIds& community_ids)
        : view_(&view), pool_(&pool), community_ids_(&community_ids) {}

    [[nodiscard]] const proto::BatchView& view() const { return *view_; }
    [[nodiscard]] std::uint32_t rows() const { return view_->rows(); }
    [[nodiscard]] MaskPool::Lent lend_mask() const { return pool_->lend(rows()); }

    // The sparse column of a field; null where the batch has none, or one of another kind.
    [[nodiscard]] const proto::ColumnView* column(std::string_view path, wire::Column::Kind kind) const;

    // The Community IDs of the packets, from the first row on.
    [[nodiscard]] flows::RowCommunityIds& bind_community_ids() {
        community_ids_->bind(*view_);
        return *community_ids_;
    }

    // For each slot of the dictionary of addresses, whether the address fits, and whether it has the size;
    // slot 0 is none. Valid until the next call.
    struct Slots {
        std::span<const std::uint8_t> fits;
        std::span<const std::uint8_t> there;
        bool any_fits = false;
        bool any_there = false;
    };
    // size: 0 for any.
    [[nodiscard]] const Slots& slots(const Condition& condition, std::uint8_t size);

  private:
    const proto::BatchView* view_;
    MaskPool* pool_;
    flows::RowCommunityIds* community_ids_;
    const Condition* slots_of_ = nullptr;
    std::uint8_t slots_size_ = 0;
    std::vector<std::uint8_t> slot_fits_, slot_there_;
    Slots slots_;
};

}  // namespace packetsentry::query
