// Blocks of the results format on standard output.
#pragma once

#include "ctl/render/line.h"
#include "ctl/render/packet_time.h"
#include "ctl/render/presenter.h"
#include "ctl/render/row_text.h"
#include "ctl/render/screen.h"

namespace packetsentry::ctl::render {

class BlockPresenter : public Presenter {
  public:
    [[nodiscard]] base::Result<void> rows(std::uint64_t first_sequence,
                                          const proto::BatchView& view) override;
    [[nodiscard]] base::Result<void> status(std::string_view) override { return {}; }
    [[nodiscard]] bool keeps_counts(std::string_view) override { return false; }
    [[nodiscard]] base::Result<void> end() override;
    [[nodiscard]] std::uint64_t not_shown() const override { return screen_.not_shown(); }
    [[nodiscard]] bool closed() const override { return screen_.closed(); }

  private:
    Screen screen_{Screen::Use::shown, false};
    RowTexts texts_;
    PacketTime time_{TimeFormat::fixed};
    TextBuffer blocks_;
};

}  // namespace packetsentry::ctl::render
