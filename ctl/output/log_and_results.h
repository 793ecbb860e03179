// Writes the log and the results file of a session.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ctl/output/text_file.h"
#include "daemon/base/result.h"

namespace packetsentry::ctl {

class LogAndResults {
  public:
    // Keeps neither.
    LogAndResults() = default;
    // directory: where both are; empty: the working directory. needed: what cannot be written is an error,
    // where otherwise it is complained of once and done without. time_ns: of the results file's name.
    // Error: file, where needed.
    [[nodiscard]] static base::Result<LogAndResults> open(const std::string& directory, bool needed,
                                                          std::int64_t time_ns);

    [[nodiscard]] bool has_log() const { return log_.has_value(); }
    [[nodiscard]] bool has_results() const { return results_.has_value(); }
    // Each does nothing where there is no such file, or no longer. Error: file, where needed.
    [[nodiscard]] base::Result<void> add_to_log(std::string_view text) { return add(log_, text); }
    [[nodiscard]] base::Result<void> add_to_results(std::string_view text) { return add(results_, text); }
    // Where the results have been saved to. None: there is no results file, or something happened to it,
    // which is complained of. Error: file, where needed and they are lost.
    [[nodiscard]] base::Result<std::optional<std::string>> saved_results();

  private:
    LogAndResults(std::string directory, bool needed) : directory_(std::move(directory)), needed_(needed) {}
    [[nodiscard]] base::Result<void> open_both(std::int64_t time_ns);
    // Where the usual name is not the caller's own file, the log goes beside it, which is told; where needed
    // that is an error.
    [[nodiscard]] base::Result<TextFile> open_log() const;
    [[nodiscard]] base::Result<void> add(std::optional<TextFile>& file, std::string_view text);
    [[nodiscard]] base::Result<void> failed(const base::Error& error, const char* without) const;

    std::string directory_;
    bool needed_ = false;
    std::optional<TextFile> log_;
    std::optional<TextFile> results_;
};

}  // namespace packetsentry::ctl
