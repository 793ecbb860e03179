// A checked batch of rows on its way into one format or several.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ctl/render/row_text.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::ctl::render {

class RowBatch {
  public:
    // Forgets the batch before. Row r is event.sequence first_sequence + view.number_offset(r). chosen has a
    // byte for each row, and only rows whose byte is not 0 are shown; empty: all are. The view must remain live while this batch
    // is written.
    void begin(std::uint64_t first_sequence, const proto::BatchView& view,
               std::span<const std::uint8_t> chosen = {}) {
        first_sequence_ = first_sequence;
        view_ = &view;
        has_texts_ = false;
        rows_.clear();
        for (std::uint32_t row = 0; row < view.rows(); ++row)
            if (chosen.empty() || chosen[row] != 0) rows_.push_back(row);
    }

    [[nodiscard]] std::uint64_t first_sequence() const { return first_sequence_; }
    [[nodiscard]] const proto::BatchView& view() const { return *view_; }
    // The rows to be shown, in their order.
    [[nodiscard]] std::span<const std::uint32_t> rows() const { return rows_; }
    // The texts of its rows, which are made once, however many formats show them.
    [[nodiscard]] RowTexts& texts() {
        if (!has_texts_) texts_.begin(*view_, rows_);
        has_texts_ = true;
        return texts_;
    }

  private:
    std::uint64_t first_sequence_ = 0;
    const proto::BatchView* view_ = nullptr;
    std::vector<std::uint32_t> rows_;
    bool has_texts_ = false;  // texts_ are those of this batch
    RowTexts texts_;
};

}  // namespace packetsentry::ctl::render
