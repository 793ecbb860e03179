// What every log of Zeek is written with, so that each needs only its own columns.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ctl/render/row_writer.h"
#include "ctl/render/zeek_lines.h"

namespace packetsentry::ctl::render {

// Log is made with the ZeekLines that it puts its lines into. It has kPath and kFields, as zeek_head() takes
// them; begin(view), before rows of another batch; and put_row(row), which puts the row's line.
template <typename Log>
class ZeekWriter final : public RowWriter {
  public:
    [[nodiscard]] std::string_view head() const override { return head_; }

    [[nodiscard]] std::string_view write(RowBatch& batch) override {
        lines_.begin(batch.view());
        log_.begin(batch.view());
        for (const std::uint32_t row : batch.rows()) log_.put_row(row);
        return lines_.view();
    }

  private:
    const std::string head_ = zeek_head(Log::kPath, Log::kFields);
    ZeekLines lines_;
    Log log_{lines_};
};

}  // namespace packetsentry::ctl::render
