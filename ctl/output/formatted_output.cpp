#include "ctl/output/formatted_output.h"

#include <utility>

#include "ctl/render/line.h"

namespace packetsentry::ctl {
namespace {

std::string not_shown_text(std::uint64_t rows) {
    return std::to_string(rows) + (rows == 1 ? " row was" : " rows were") +
           " not shown: the terminal did not accept them";
}

}  // namespace

FormattedOutput::FormattedOutput(const Settings& settings, Now now)
    : settings_(settings),
      now_(std::move(now)),
      screen_(settings.screen, settings.colour, settings.wait),
      lines_(render::make_text_writer({.time_format = settings.rows.time_format})),
      results_(render::make_blocks_writer({})) {
    settings_.rows.coloured = screen_.coloured();
    // The lines of the log are never coloured, and have no names and nothing below them. They are mostly what
    // is shown, so that they are made once for both.
    if (settings_.format != &render::format("text") || settings_.rows.coloured || settings_.rows.names ||
        settings_.rows.details || settings_.rows.bytes.shown())
        shown_ = settings_.format->make(settings_.rows);
}

base::Result<std::unique_ptr<FormattedOutput>> FormattedOutput::open(const Settings& settings, Now now) {
    std::unique_ptr<FormattedOutput> output(new FormattedOutput(settings, std::move(now)));
    if (auto begun = output->begin(); !begun) return std::unexpected(begun.error());
    if (!settings.files || !output->for_people()) return output;
    auto files = LogAndResults::open(settings.directory, settings.files_needed, output->now_());
    if (!files) return std::unexpected(files.error());
    output->files_ = std::move(*files);
    return output;
}

base::Result<void> FormattedOutput::begin() {
    if (!shown_ || !screen_.shown() || shown_->head().empty()) return {};
    return screen_.write(shown_->head());
}

base::Result<void> FormattedOutput::rows(const Rows& rows, std::span<const std::uint8_t> chosen) {
    batch_.begin({.first_sequence = rows.first_sequence,
                  .job = rows.job,
                  .job_name = rows.job_name,
                  .context = rows.context},
                 *rows.view, chosen);
    std::string_view lines;
    if (files_.has_log() || (screen_.shown() && !shown_)) lines = lines_->write(batch_);
    // The files first, since the reader of a pipe may keep this client waiting.
    if (auto added = files_.add_to_log(lines); !added) return added;
    if (files_.has_results()) {
        if (auto added = files_.add_to_results(results_->write(batch_)); !added) return added;
    }
    if (!screen_.shown()) return {};
    return show(shown_ ? shown_->write(batch_) : lines, batch_.rows().size());
}

base::Result<void> FormattedOutput::show(std::string_view text, std::uint64_t rows) {
    const std::uint64_t before = screen_.not_shown();
    if (!for_people() || before == not_shown_told_) return screen_.write(text, rows);
    std::string told = status_line(not_shown_text(before - not_shown_told_));
    auto written = screen_.write(told.append(text), rows);
    if (screen_.not_shown() == before) not_shown_told_ = before;
    return written;
}

std::string FormattedOutput::status_line(std::string_view text) const {
    render::TextBuffer line;
    render::append_status_line(line, render::fixed_time(now_()), text);
    return std::string(line.view());
}

base::Result<void> FormattedOutput::status(std::string_view text) {
    if (!settings_.narrated || !for_people()) return {};
    const std::string line = status_line(text);
    if (auto added = files_.add_to_log(line); !added) return added;
    return screen_.write(line);
}

bool FormattedOutput::keeps_counts(std::string_view text) {
    if (!settings_.keep_counts) return false;
    (void)files_.add_to_log(status_line(text));
    return true;
}

base::Result<void> FormattedOutput::end() {
    const auto saved = files_.saved_results();
    base::Result<void> told;
    if (!saved)
        told = std::unexpected(saved.error());
    else if (*saved)
        told = status("Results saved to " + **saved);
    screen_.finish();
    if (screen_.not_shown() == 0) return told;
    auto added = files_.add_to_log(status_line(not_shown_text(screen_.not_shown())));
    return told ? added : told;
}

}  // namespace packetsentry::ctl
