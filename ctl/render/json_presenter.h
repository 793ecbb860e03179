// JSON lines on standard output; nothing else.
#pragma once

#include <cstdint>
#include <optional>

#include "ctl/render/json_rows.h"
#include "ctl/render/presenter.h"
#include "ctl/render/screen.h"

namespace packetsentry::ctl::render {

class JsonPresenter : public Presenter {
  public:
    // wait: as for Screen.
    JsonPresenter(Screen::Use screen, Terminal::Wait wait, std::optional<std::uint64_t> job)
        : screen_(screen, false, wait), json_rows_(job) {}

    [[nodiscard]] base::Result<void> rows(std::uint64_t first_sequence,
                                          const proto::BatchView& view) override;
    [[nodiscard]] base::Result<void> status(std::string_view) override { return {}; }
    [[nodiscard]] bool keeps_counts(std::string_view) override { return !screen_.shown(); }
    [[nodiscard]] base::Result<void> end() override;
    [[nodiscard]] std::uint64_t not_shown() const override { return screen_.not_shown(); }
    [[nodiscard]] bool closed() const override { return screen_.closed(); }

  private:
    Screen screen_;
    JsonRows json_rows_;
    rapidjson::StringBuffer lines_;
};

}  // namespace packetsentry::ctl::render
