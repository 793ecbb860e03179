// A directory of the spool.
//
// It is held as a descriptor, and whatever is in it is named in relation to that, so that nobody can put
// another directory in its place. No symbolic link is followed in it. Directories get the mode 0700 and
// files the mode 0600, whatever the umask is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::spool {

// A file that is being written has this behind its name, until it is complete and is renamed.
inline constexpr std::string_view kUnfinished = ".new";

// A copy stands for the same directory. All calls may block on the disk. Each error has the code file,
// and a message that names the path.
class Directory {
  public:
    // Makes path if it is missing; its parent must be there. Path must belong to this process's effective
    // user, must not be writable by others or be a symbolic link, and must lie at the end of a trusted
    // way (base/trusted_path.h).
    [[nodiscard]] static base::Result<Directory> open(const std::string& path);
    // Opens a directory in this one, to which the same rules apply.
    [[nodiscard]] base::Result<Directory> subdirectory(const std::string& name) const;
    // As subdirectory(), but makes it if it is missing.
    [[nodiscard]] base::Result<Directory> make_subdirectory(const std::string& name) const;

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string path_of(const std::string& name) const { return path_ + "/" + name; }
    // The descriptor is open as long as a copy of this object lives.
    [[nodiscard]] int fd() const { return directory_->get(); }

    // Returns the names in it, in no order.
    [[nodiscard]] base::Result<std::vector<std::string>> names() const;

    // Makes a file that must not be there yet, and opens it as O_WRONLY|O_APPEND.
    [[nodiscard]] base::Result<base::UniqueFd> create(const std::string& name) const;
    // These two open an ordinary file that belongs to this process's effective user. The descriptor is
    // not open if there is no file with this name.
    [[nodiscard]] base::Result<base::UniqueFd> open_to_read(const std::string& name) const;
    [[nodiscard]] base::Result<base::UniqueFd> open_to_append(const std::string& name) const;

    // Tells whether a file has so many bytes. True also if the system does not tell. Opens nothing.
    [[nodiscard]] bool has_bytes(const std::string& name, std::uint64_t bytes) const;
    // Returns the whole file, or nothing if there is none. More than limit bytes are an error.
    [[nodiscard]] base::Result<std::optional<std::string>> read_file(const std::string& name,
                                                                     std::size_t limit) const;
    // Writes the file beside, and renames it when it is on the disk. If this fails, the old file is
    // there.
    [[nodiscard]] base::Result<void> replace_file(const std::string& name, std::string_view bytes) const;
    // Renames a file in this directory, and waits until the new name is on the disk.
    [[nodiscard]] base::Result<void> rename(const std::string& from, const std::string& to) const;
    // It is no error if there is no file with this name.
    [[nodiscard]] base::Result<void> remove(const std::string& name) const;
    // Removes a directory in this one. Error (file): it is not empty, or cannot be removed.
    [[nodiscard]] base::Result<void> remove_subdirectory(const std::string& name) const;
    // Waits until the names in it are on the disk: those of files that were made can be lost otherwise.
    [[nodiscard]] base::Result<void> sync() const;

  private:
    Directory(base::UniqueFd directory, std::string path)
        : directory_(std::make_shared<base::UniqueFd>(std::move(directory))), path_(std::move(path)) {}

    [[nodiscard]] base::Result<base::UniqueFd> open_file(const std::string& name, int flags) const;

    std::shared_ptr<const base::UniqueFd> directory_;
    std::string path_;  // for messages
};

// Writes all bytes. Returns false if the system does not take them, as errno says; some of them may have
// been written then.
[[nodiscard]] bool write_whole(int file, std::string_view bytes);

// Returns the size of an open file; 0 if the system does not tell it.
[[nodiscard]] std::uint64_t size_of(int file);

}  // namespace packetsentry::spool
