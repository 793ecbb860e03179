// The format "text": the fixed line of a packet.
#include "ctl/render/formats.h"
#include "ctl/render/line.h"

namespace packetsentry::ctl::render {
namespace {

class TextWriter final : public RowWriter {
  public:
    explicit TextWriter(const FormatSettings& settings)
        : time_(settings.time_format), coloured_(settings.coloured) {}

    [[nodiscard]] std::string_view write(RowBatch& batch) override {
        const proto::BatchView& view = batch.view();
        RowTexts& texts = batch.texts();
        lines_.clear();
        for (const std::uint32_t row : batch.rows()) {
            const std::string_view time =
                view.flag(row, wire::FLAG_NO_TIME) ? time_.missing() : time_.text(view.time_ns(row));
            if (coloured_)
                append_coloured_line(lines_, time, texts.row(row));
            else
                append_line(lines_, time, texts.row(row));
        }
        return lines_.view();
    }

  private:
    PacketTime time_;
    bool coloured_;
    TextBuffer lines_;
};

}  // namespace

std::unique_ptr<RowWriter> make_text_writer(const FormatSettings& settings) {
    return std::make_unique<TextWriter>(settings);
}

}  // namespace packetsentry::ctl::render
