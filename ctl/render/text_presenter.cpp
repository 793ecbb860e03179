#include "ctl/render/text_presenter.h"

#include <utility>

#include "ctl/complaint.h"

namespace packetsentry::ctl::render {
namespace {

constexpr const char* kLogStem = "packetsentry";

std::string not_shown_text(std::uint64_t rows) {
    return std::to_string(rows) + (rows == 1 ? " row was" : " rows were") +
           " not shown: the terminal did not accept them";
}

}  // namespace

TextPresenter::TextPresenter(const Settings& settings, Now now)
    : settings_(settings),
      now_(std::move(now)),
      screen_(settings.screen, settings.colour, settings.wait),
      line_time_(settings.time_format) {}

base::Result<std::unique_ptr<TextPresenter>> TextPresenter::open(const Settings& settings, Now now) {
    std::unique_ptr<TextPresenter> presenter(new TextPresenter(settings, std::move(now)));
    if (auto opened = presenter->open_files(); !opened) return std::unexpected(opened.error());
    return presenter;
}

base::Result<void> TextPresenter::open_files() {
    if (!settings_.files) return {};
    auto log = open_log();
    if (!log && settings_.files_needed) return std::unexpected(log.error());
    auto results = TextFile::create(settings_.directory, results_stem(now_()));
    if (log) log_ = std::move(*log);
    if (results) results_ = std::move(*results);
    // One warning, whatever is missing.
    if (!log) return failed(log.error(), results ? "the log" : "log and results");
    return results ? base::Result<void>() : failed(results.error(), "the results file");
}

base::Result<TextFile> TextPresenter::open_log() const {
    auto log = TextFile::append_to(settings_.directory, kLogStem);
    if (log) return log;
    if (settings_.files_needed)
        return base::fail(log.error().code,
                          log.error().message + "; --output-dir DIR puts the log elsewhere");
    auto beside = TextFile::append_beside(settings_.directory, kLogStem);
    if (!beside) return log;
    complain(log.error().message + "; the log goes to " + beside->path());
    return beside;
}

base::Result<void> TextPresenter::failed(const base::Error& error, const char* without) const {
    if (settings_.files_needed) return std::unexpected(error);
    complain(error.message + "; continuing without " + without + " (--output-dir DIR puts them elsewhere)");
    return {};
}

base::Result<void> TextPresenter::rows(std::uint64_t, const proto::BatchView& view) {
    if (!screen_.shown() && !log_ && !results_) return {};
    render(view);
    // The files first, since the reader of a pipe may keep this client waiting.
    if (auto kept = keep(log_, lines_.view()); !kept) return kept;
    if (auto kept = keep(results_, blocks_.view()); !kept) return kept;
    return show(screen_.coloured() ? coloured_.view() : lines_.view(), view.rows());
}

base::Result<void> TextPresenter::show(std::string_view text, std::uint64_t rows) {
    const std::uint64_t before = screen_.not_shown();
    if (before == not_shown_told_) return screen_.write(text, rows);
    TextBuffer told;
    append_status_line(told, fixed_time(now_()), not_shown_text(before - not_shown_told_));
    told.append(text);
    auto written = screen_.write(told.view(), rows);
    if (screen_.not_shown() == before) not_shown_told_ = before;
    return written;
}

void TextPresenter::render(const proto::BatchView& view) {
    lines_.clear();
    coloured_.clear();
    blocks_.clear();
    texts_.begin(view);
    for (std::uint32_t row = 0; row < view.rows(); ++row) {
        const RowText& text = texts_.row(row);
        const bool has_time = !view.flag(row, wire::FLAG_NO_TIME);
        const std::int64_t time_ns = view.time_ns(row);
        const std::string_view time = has_time ? line_time_.text(time_ns) : line_time_.missing();
        append_line(lines_, time, text);
        if (screen_.coloured()) append_coloured_line(coloured_, time, text);
        if (results_)
            append_block(blocks_, has_time ? block_time_.text(time_ns) : block_time_.missing(), text);
    }
}

base::Result<void> TextPresenter::status(std::string_view text) {
    if (!settings_.narrated) return {};
    TextBuffer line;
    append_status_line(line, fixed_time(now_()), text);
    if (auto kept = keep(log_, line.view()); !kept) return kept;
    return screen_.write(line.view());
}

bool TextPresenter::keeps_counts(std::string_view text) {
    if (!settings_.keep_counts) return false;
    TextBuffer line;
    append_status_line(line, fixed_time(now_()), text);
    (void)keep(log_, line.view());
    return true;
}

base::Result<void> TextPresenter::keep(std::optional<TextFile>& file, std::string_view text) {
    if (!file) return {};
    auto written = file->write(text);
    if (written) return {};
    file.reset();
    return failed(written.error(), "it");
}

base::Result<void> TextPresenter::tell_results() {
    if (!results_) return {};
    const auto change = results_->change();
    if (!change) return status("Results saved to " + results_->path());
    std::string told = results_->path() + " " + std::string(change->what);
    if (change->lost && settings_.files_needed) return base::fail(base::ErrorCode::file, std::move(told));
    complain(told);
    return {};
}

base::Result<void> TextPresenter::end() {
    auto told = tell_results();
    screen_.finish();
    if (screen_.not_shown() == 0) return told;
    TextBuffer line;
    append_status_line(line, fixed_time(now_()), not_shown_text(screen_.not_shown()));
    auto kept = keep(log_, line.view());
    return told ? kept : told;
}

}  // namespace packetsentry::ctl::render
