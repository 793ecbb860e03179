#include "ctl/output/file_watch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "daemon/base/local_file.h"

namespace packetsentry::ctl {
namespace {

bool can_be_watched(int fd) {
    struct stat status {};
    return base::is_local(fd) && ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

bool is_at(int fd, const std::string& path) {
    struct stat open {};
    struct stat named {};
    return ::fstat(fd, &open) == 0 && ::stat(path.c_str(), &named) == 0 && open.st_dev == named.st_dev &&
           open.st_ino == named.st_ino;
}

FileWatch::FileWatch(int fd, std::string path)
    : fd_(path != "-" && can_be_watched(fd) ? ::fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1), path_(std::move(path)) {}

void FileWatch::look(std::uint64_t written) {
    struct stat status {};
    if (fd_ && ::fstat(fd_.get(), &status) == 0)
        truncated_ = truncated_ || static_cast<std::uint64_t>(status.st_size) < written;
}

std::optional<FileWatch::Change> FileWatch::change() const {
    struct stat status {};
    if (!fd_ || ::fstat(fd_.get(), &status) != 0) return std::nullopt;
    if (status.st_nlink == 0)
        return Change{"was removed while it was written; what was written to it is lost", true};
    if (!is_at(fd_.get(), path_))
        return Change{"was moved while it was written; what was written is in the file that had this name",
                      truncated_};
    if (truncated_ || begins_with_a_hole())
        return Change{"was truncated by somebody else while it was written; it is incomplete", true};
    return std::nullopt;
}

// Whoever writes goes on behind what was truncated, which then reads as zeros. Nothing that is written here
// begins with one.
bool FileWatch::begins_with_a_hole() const {
    const base::UniqueFd reading(::open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    char first = 1;
    return reading && is_at(fd_.get(), path_) && ::pread(reading.get(), &first, 1, 0) == 1 && first == 0;
}

}  // namespace packetsentry::ctl
