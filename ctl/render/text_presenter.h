// The fixed line format on the screen and in packetsentry.log, and blocks in the results file.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "ctl/render/line.h"
#include "ctl/render/packet_time.h"
#include "ctl/render/presenter.h"
#include "ctl/render/row_text.h"
#include "ctl/render/screen.h"
#include "ctl/text_file.h"

namespace packetsentry::ctl::render {

class TextPresenter : public Presenter {
  public:
    struct Settings {
        Screen::Use screen = Screen::Use::shown;
        Terminal::Wait wait = Terminal::Wait::for_room;
        bool colour = true;
        TimeFormat time_format = TimeFormat::fixed;  // of lines; blocks and status lines are fixed
        bool files = true;                           // log and results
        bool files_needed = false;   // where they cannot be written it is an error, not a warning
        bool keep_counts = false;    // in the log
        bool narrated = true;        // status lines too
        std::string directory = {};  // of log and results
    };
    using Now = std::function<std::int64_t()>;  // nanoseconds since 1970

    // Opens log and results. Error: file, with files_needed.
    [[nodiscard]] static base::Result<std::unique_ptr<TextPresenter>> open(const Settings& settings, Now now);

    [[nodiscard]] base::Result<void> rows(std::uint64_t first_sequence,
                                          const proto::BatchView& view) override;
    [[nodiscard]] base::Result<void> status(std::string_view text) override;
    [[nodiscard]] bool keeps_counts(std::string_view text) override;
    [[nodiscard]] base::Result<void> end() override;
    [[nodiscard]] std::uint64_t not_shown() const override { return screen_.not_shown(); }
    [[nodiscard]] bool closed() const override { return screen_.closed(); }

  private:
    TextPresenter(const Settings& settings, Now now);
    [[nodiscard]] base::Result<void> open_files();
    // Where the usual name is not the caller's own file, the log goes beside it, which is told; with
    // files_needed that is an error.
    [[nodiscard]] base::Result<TextFile> open_log() const;
    void render(const proto::BatchView& view);
    // Once a terminal takes rows again, those that it did not take are told first.
    [[nodiscard]] base::Result<void> show(std::string_view text, std::uint64_t rows);
    // Writes to a file that may have failed before: warns once and lets go of it.
    [[nodiscard]] base::Result<void> tell_results();
    [[nodiscard]] base::Result<void> keep(std::optional<TextFile>& file, std::string_view text);
    [[nodiscard]] base::Result<void> failed(const base::Error& error, const char* without) const;

    Settings settings_;
    Now now_;
    Screen screen_;
    std::uint64_t not_shown_told_ = 0;
    std::optional<TextFile> log_;
    std::optional<TextFile> results_;
    RowTexts texts_;
    PacketTime line_time_;
    PacketTime block_time_{TimeFormat::fixed};
    TextBuffer lines_;
    TextBuffer coloured_;
    TextBuffer blocks_;
};

}  // namespace packetsentry::ctl::render
