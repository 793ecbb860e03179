// A checked batch of rows on its way into one format or several.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ctl/render/row_text.h"
#include "proto/query/read/read_batch.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::ctl::render {

// Where rows are from.
struct RowOrigin {
    std::uint64_t first_sequence = 1;                 // event.sequence of the first row
    std::optional<std::uint64_t> job = std::nullopt;  // of the daemon; none: the rows are from a file
    std::string_view job_name = {};                   // what lines call the job; empty: they do not tell it
    bool context = false;                             // no row of it was found, but each is near one
};

class RowBatch {
  public:
    // Forgets the batch before. Row r is event.sequence first_sequence + view.number_offset(r). chosen has a
    // byte for each row, and only rows whose byte is not 0 are shown; empty: all are. The view, and the name
    // in the origin, must remain live while this batch is written.
    void begin(const RowOrigin& origin, const proto::BatchView& view,
               std::span<const std::uint8_t> chosen = {}) {
        origin_ = origin;
        view_ = &view;
        has_texts_ = has_named_texts_ = false;
        rows_.clear();
        for (std::uint32_t row = 0; row < view.rows(); ++row)
            if (chosen.empty() || chosen[row] != 0) rows_.push_back(row);
    }

    [[nodiscard]] const RowOrigin& origin() const { return origin_; }
    // What a reader of fields needs to know of it.
    [[nodiscard]] query::BatchOrigin numbers() const {
        return {.first_sequence = origin_.first_sequence, .context = origin_.context, .job = origin_.job};
    }
    [[nodiscard]] const proto::BatchView& view() const { return *view_; }
    // The rows to be shown, in their order.
    [[nodiscard]] std::span<const std::uint32_t> rows() const { return rows_; }
    // The texts of its rows, which are made once, however many formats show them.
    [[nodiscard]] RowTexts& texts() {
        if (!has_texts_) texts_.begin(*view_, rows_);
        has_texts_ = true;
        return texts_;
    }
    // Likewise, with the names of addresses.
    [[nodiscard]] RowTexts& named_texts() {
        if (!has_named_texts_) named_texts_.begin(*view_, rows_);
        has_named_texts_ = true;
        return named_texts_;
    }

  private:
    RowOrigin origin_;
    const proto::BatchView* view_ = nullptr;
    std::vector<std::uint32_t> rows_;
    bool has_texts_ = false;  // texts_ are those of this batch
    bool has_named_texts_ = false;
    RowTexts texts_;
    RowTexts named_texts_{true};
};

}  // namespace packetsentry::ctl::render
