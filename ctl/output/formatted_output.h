// Prints rows on the screen in one of the formats. If the format is for people, it also prints the lines
// about the capture, and writes the log and the results file.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ctl/output/log_and_results.h"
#include "ctl/output/presenter.h"
#include "ctl/output/screen.h"
#include "ctl/render/formats.h"

namespace packetsentry::ctl {

class FormattedOutput : public Presenter {
  public:
    struct Settings {
        const render::Format* format = &render::format("text");  // of the screen
        // What the format takes of the user's wishes; whether it is coloured is decided here.
        render::FormatSettings rows = {};
        Screen::Use screen = Screen::Use::shown;
        Terminal::Wait wait = Terminal::Wait::for_room;
        bool colour = true;          // wanted by the user
        bool files = true;           // log and results, where the format is for people
        bool files_needed = false;   // where they cannot be written it is an error, not a warning
        bool keep_counts = false;    // in the log
        bool narrated = true;        // status lines too, where the format is for people
        std::string directory = {};  // of log and results
    };
    using Now = std::function<std::int64_t()>;  // nanoseconds since 1970

    // Opens log and results. Errors: file, with files_needed, and where the screen cannot be written.
    [[nodiscard]] static base::Result<std::unique_ptr<FormattedOutput>> open(const Settings& settings,
                                                                             Now now);

    [[nodiscard]] base::Result<void> rows(const Rows& rows, std::span<const std::uint8_t> chosen) override;
    [[nodiscard]] base::Result<void> status(std::string_view text) override;
    [[nodiscard]] bool keeps_counts(std::string_view text) override;
    [[nodiscard]] base::Result<void> end() override;
    [[nodiscard]] std::uint64_t not_shown() const override { return screen_.not_shown(); }
    [[nodiscard]] bool closed() const override { return screen_.closed(); }

  private:
    FormattedOutput(const Settings& settings, Now now);
    [[nodiscard]] bool for_people() const {
        return settings_.format->among == render::Among::lines_for_people;
    }
    // Shows what goes out before all rows.
    [[nodiscard]] base::Result<void> begin();
    // Once a terminal takes rows again, those that it did not take are told first.
    [[nodiscard]] base::Result<void> show(std::string_view text, std::uint64_t rows);
    [[nodiscard]] std::string status_line(std::string_view text) const;

    Settings settings_;
    Now now_;
    Screen screen_;
    std::uint64_t not_shown_told_ = 0;
    LogAndResults files_;
    render::RowBatch batch_;
    std::unique_ptr<render::RowWriter> lines_;    // of the log
    std::unique_ptr<render::RowWriter> results_;  // of the results file
    std::unique_ptr<render::RowWriter> shown_;    // on the screen; none: the lines of the log are
};

}  // namespace packetsentry::ctl
