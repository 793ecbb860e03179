// A checked batch of rows on its way into one format or several.
#pragma once

#include <cstdint>

#include "ctl/render/row_text.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::ctl::render {

class RowBatch {
  public:
    // Forgets the batch before. Row r is event.sequence first_sequence + r. The view must remain live while
    // this batch is written.
    void begin(std::uint64_t first_sequence, const proto::BatchView& view) {
        first_sequence_ = first_sequence;
        view_ = &view;
        has_texts_ = false;
    }

    [[nodiscard]] std::uint64_t first_sequence() const { return first_sequence_; }
    [[nodiscard]] const proto::BatchView& view() const { return *view_; }
    // The texts of its rows, which are made once, however many formats show them.
    [[nodiscard]] RowTexts& texts() {
        if (!has_texts_) texts_.begin(*view_);
        has_texts_ = true;
        return texts_;
    }

  private:
    std::uint64_t first_sequence_ = 0;
    const proto::BatchView* view_ = nullptr;
    bool has_texts_ = false;  // texts_ are those of this batch
    RowTexts texts_;
};

}  // namespace packetsentry::ctl::render
