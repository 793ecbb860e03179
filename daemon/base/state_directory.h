// A directory of small files that only one user can have prepared: what a daemon remembers over a restart.
//
// The directory is held as a descriptor, and each file in it is named in relation to that, so that nobody can
// put another directory in its place. A file is old or new, never torn: it is written beside, synced, and
// renamed.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::base {

// A copy stands for the same directory. A StateDirectory without a directory keeps nothing: its files are
// never there, and what is written to them is lost.
class StateDirectory {
  public:
    StateDirectory() = default;

    // Makes path (mode 0700) where it is missing, and gives it to owner where this process is root. It must
    // belong to root or to owner, be no symbolic link, and lie at the end of a trusted way (trusted_path.h).
    // Others must not be able to write it; where they can only read it, that is taken from them.
    // Errors: file (somebody else may have prepared it, which is told with what mends that), internal (it
    // cannot be made or opened).
    [[nodiscard]] static Result<StateDirectory> open(const std::string& path, uid_t owner, gid_t group);
    // Opens a directory in this one, as open() does, for the user that this process is. Error: file.
    [[nodiscard]] Result<StateDirectory> subdirectory(const std::string& name) const;

    [[nodiscard]] explicit operator bool() const { return directory_ != nullptr; }
    [[nodiscard]] std::string path_of(const std::string& name) const { return path_ + "/" + name; }

    // Names in it, in no order.
    [[nodiscard]] std::vector<std::string> names() const;
    // Mode 0600. Survives a power cut once it has returned. Error: file; what was there before still is.
    [[nodiscard]] Result<void> replace_file(const std::string& name, std::string_view bytes) const;
    // The whole file, or nothing where there is none. Error: file; also for a link, for what is no ordinary
    // file or could have been written by others, and for more than limit bytes.
    [[nodiscard]] Result<std::optional<std::string>> read_file(const std::string& name,
                                                               std::size_t limit) const;
    // When a file was last written or touched, in nanoseconds since 1970; 0: there is none.
    [[nodiscard]] std::int64_t changed_ns(const std::string& name) const;
    // Sets that time to now. It is not synced: the kernel writes it when it likes.
    void touch(const std::string& name) const;
    void remove(const std::string& name) const;

  private:
    StateDirectory(UniqueFd directory, std::string path)
        : directory_(std::make_shared<UniqueFd>(std::move(directory))), path_(std::move(path)) {}
    [[nodiscard]] int fd() const { return directory_->get(); }

    std::shared_ptr<const UniqueFd> directory_;
    std::string path_;  // for messages
};

}  // namespace packetsentry::base
