// The format "text": the fixed line of a packet, and below it what the user wishes to see of its inside.
#include <optional>
#include <string>

#include "ctl/render/formats.h"
#include "ctl/render/line.h"
#include "ctl/render/packet_details.h"

namespace packetsentry::ctl::render {
namespace {

class TextWriter final : public RowWriter {
  public:
    explicit TextWriter(const FormatSettings& settings)
        : time_(settings.time_format),
          coloured_(settings.coloured),
          names_(settings.names),
          bytes_(settings.bytes) {
        if (settings.details) details_.emplace(settings.coloured);
    }

    [[nodiscard]] std::string_view write(RowBatch& batch) override {
        const proto::BatchView& view = batch.view();
        RowTexts& texts = names_ ? batch.named_texts() : batch.texts();
        const LineColour colour = batch.origin().context ? LineColour::dim : LineColour::word;
        const std::string mark = origin_mark(batch.origin());
        lines_.clear();
        if (details_) details_->begin(batch);
        for (const std::uint32_t row : batch.rows()) {
            const std::string_view time =
                view.flag(row, wire::FLAG_NO_TIME) ? time_.missing() : time_.text(view.time_ns(row));
            if (coloured_)
                append_coloured_line(lines_, time, texts.row(row), mark, colour);
            else
                append_line(lines_, time, texts.row(row), mark);
            if (details_) details_->append(lines_, row);
            if (bytes_.shown())
                append_bytes(lines_, bytes_, view.interface(row).link_type(), view.captured(row));
        }
        return lines_.view();
    }

  private:
    PacketTime time_;
    bool coloured_;
    bool names_;
    std::optional<PacketDetails> details_;
    BytesStyle bytes_;
    TextBuffer lines_;
};

}  // namespace

std::unique_ptr<RowWriter> make_text_writer(const FormatSettings& settings) {
    return std::make_unique<TextWriter>(settings);
}

}  // namespace packetsentry::ctl::render
