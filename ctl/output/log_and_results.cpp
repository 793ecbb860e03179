#include "ctl/output/log_and_results.h"

#include <utility>

#include "ctl/output/complaint.h"

namespace packetsentry::ctl {
namespace {

constexpr const char* kLogStem = "packetsentry";

}  // namespace

base::Result<LogAndResults> LogAndResults::open(const std::string& directory, bool needed,
                                                std::int64_t time_ns) {
    LogAndResults files(directory, needed);
    if (auto opened = files.open_both(time_ns); !opened) return std::unexpected(opened.error());
    return files;
}

base::Result<void> LogAndResults::open_both(std::int64_t time_ns) {
    auto log = open_log();
    if (!log && needed_) return std::unexpected(log.error());
    auto results = TextFile::create(directory_, results_stem(time_ns));
    if (log) log_ = std::move(*log);
    if (results) results_ = std::move(*results);
    // One warning, whatever is missing.
    if (!log) return failed(log.error(), results ? "the log" : "log and results");
    return results ? base::Result<void>() : failed(results.error(), "the results file");
}

base::Result<TextFile> LogAndResults::open_log() const {
    auto log = TextFile::append_to(directory_, kLogStem);
    if (log) return log;
    if (needed_)
        return base::fail(log.error().code,
                          log.error().message + "; --output-dir DIR puts the log elsewhere");
    auto beside = TextFile::append_beside(directory_, kLogStem);
    if (!beside) return log;
    complain(log.error().message + "; the log goes to " + beside->path());
    return beside;
}

base::Result<void> LogAndResults::failed(const base::Error& error, const char* without) const {
    if (needed_) return std::unexpected(error);
    complain(error.message + "; continuing without " + without + " (--output-dir DIR puts them elsewhere)");
    return {};
}

base::Result<void> LogAndResults::add(std::optional<TextFile>& file, std::string_view text) {
    if (!file) return {};
    auto written = file->write(text);
    if (written) return {};
    file.reset();
    return failed(written.error(), "it");
}

base::Result<std::optional<std::string>> LogAndResults::saved_results() {
    if (!results_) return std::nullopt;
    const auto change = results_->change();
    if (!change) return results_->path();
    std::string told = results_->path() + " " + std::string(change->what);
    if (change->lost && needed_) return base::fail(base::ErrorCode::file, std::move(told));
    complain(told);
    return std::nullopt;
}

}  // namespace packetsentry::ctl
