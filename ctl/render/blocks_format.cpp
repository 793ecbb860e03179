// The format "blocks": that of the results file, whose times are always the fixed ones.
#include <string>

#include "ctl/render/formats.h"
#include "ctl/render/line.h"

namespace packetsentry::ctl::render {
namespace {

class BlocksWriter final : public RowWriter {
  public:
    explicit BlocksWriter(bool names) : names_(names) {}

    [[nodiscard]] std::string_view write(RowBatch& batch) override {
        const proto::BatchView& view = batch.view();
        RowTexts& texts = names_ ? batch.named_texts() : batch.texts();
        const std::string mark = origin_mark(batch.origin());
        blocks_.clear();
        for (const std::uint32_t row : batch.rows())
            append_block(blocks_,
                         view.flag(row, wire::FLAG_NO_TIME) ? time_.missing() : time_.text(view.time_ns(row)),
                         texts.row(row), mark);
        return blocks_.view();
    }

  private:
    bool names_;
    PacketTime time_{TimeFormat::fixed};
    TextBuffer blocks_;
};

}  // namespace

std::unique_ptr<RowWriter> make_blocks_writer(const FormatSettings& settings) {
    return std::make_unique<BlocksWriter>(settings.names);
}

}  // namespace packetsentry::ctl::render
