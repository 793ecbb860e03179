// Finds out what others have done to a file while it was written: users who may write to its directory can
// move, replace or remove it, and users who may write to the file can truncate it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/unique_fd.h"

namespace packetsentry::ctl {

class FileWatch {
  public:
    FileWatch() = default;  // watches nothing
    // fd: of the file that has this path now, or "-" for standard output, which nobody opened by a path and
    // which is not watched; a duplicate is kept. What is no ordinary file is not watched,
    // and neither is one for which somebody else answers (daemon/base/local_file.h): a server that hangs
    // would hold up the end of the program.
    FileWatch(int fd, std::string path);

    // Notes whether the file has the bytes that are known to have been written to it. To be called now and
    // then, and at the end.
    void look(std::uint64_t written);

    struct Change {
        std::string_view what;  // "was removed …", to stand behind the path
        bool lost = false;      // what was written is not all there
    };
    // None: it stands under its path, with all that was written as far as that can be seen.
    [[nodiscard]] std::optional<Change> change() const;

  private:
    [[nodiscard]] bool begins_with_a_hole() const;

    base::UniqueFd fd_;
    std::string path_;
    bool truncated_ = false;
};

// The file that is open as fd stands under this path.
[[nodiscard]] bool is_at(int fd, const std::string& path);

}  // namespace packetsentry::ctl
