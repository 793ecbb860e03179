// A text file that only its user can read: the log or the results file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ctl/output/file_watch.h"
#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::ctl {

// Written whole at each call, so that nothing is lost with the process.
class TextFile {
  public:
    // Appends to directory/stem.log, making it (mode 0600) where it is not. Only a file of the caller's own
    // is used (ctl/output/own_file.h). An empty directory is the working directory. Error: file.
    [[nodiscard]] static base::Result<TextFile> append_to(const std::string& directory,
                                                          const std::string& stem);
    // Appends to directory/stem_2.log, or to stem_3.log and so on where that is not the caller's own either.
    [[nodiscard]] static base::Result<TextFile> append_beside(const std::string& directory,
                                                              const std::string& stem);

    // Makes directory/stem.txt, or stem_2.txt and so on where that is taken; never an existing file.
    [[nodiscard]] static base::Result<TextFile> create(const std::string& directory, const std::string& stem);

    // Writes all of the text. A file that is appended to, and that was moved or removed, as logrotate does
    // it, is made anew under its name first. Error: file.
    [[nodiscard]] base::Result<void> write(std::string_view text);
    [[nodiscard]] const std::string& path() const { return path_; }
    // Returns what others did to the file meanwhile; nothing: it is there, whole.
    [[nodiscard]] std::optional<FileWatch::Change> change();

  private:
    enum class Kind : std::uint8_t { appended, made };
    TextFile(Kind kind, base::UniqueFd fd, std::string path)
        : kind_(kind), fd_(std::move(fd)), path_(std::move(path)), watch_(fd_.get(), path_) {}
    [[nodiscard]] base::Result<void> follow_name();

    Kind kind_;
    base::UniqueFd fd_;
    std::string path_;
    FileWatch watch_;
    std::uint64_t written_ = 0;
};

// "packetsentry_results_20250515_103002", local time.
[[nodiscard]] std::string results_stem(std::int64_t time_ns);

}  // namespace packetsentry::ctl
