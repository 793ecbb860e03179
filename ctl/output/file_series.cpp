#include "ctl/output/file_series.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

#include "ctl/output/complaint.h"
#include "ctl/output/file_names.h"
#include "ctl/output/output_file.h"
#include "daemon/base/syscall.h"

namespace packetsentry::ctl {
namespace {

std::int64_t seconds_now() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

}  // namespace

FileSeries::FileSeries(std::string stem, std::string ending, std::uint64_t kept, int input)
    : stem_(std::move(stem)), ending_(std::move(ending)), kept_(kept), input_(input) {}

base::Result<base::UniqueFd> FileSeries::open_next() {
    std::string name = numbered_name(stem_, ending_, number_ + 1, seconds_now());
    auto file = open_output(name, input_, true);
    if (!file) return file;
    struct stat status {};
    if (::fstat(file->get(), &status) != 0)
        return base::fail(base::ErrorCode::file, base::syscall_text("examine '" + name + "'"));
    ++number_;
    name_ = name;
    made_.push_back({std::move(name), status.st_dev, status.st_ino});
    while (kept_ != 0 && made_.size() > kept_) remove_oldest();
    return file;
}

void FileSeries::remove_oldest() {
    if (!remove(made_.front()) && !std::exchange(told_, true))
        complain("cannot remove '" + made_.front().name + "', which is too old: " + base::errno_text(errno) +
                 "; the files that are too old stay");
    made_.pop_front();
}

// Whoever may write to the directory may have moved the file, and put another one in its place.
bool FileSeries::remove(const Made& made) {
    struct stat status {};
    if (::lstat(made.name.c_str(), &status) != 0) return errno == ENOENT;
    if (status.st_dev != made.device || status.st_ino != made.inode) return true;
    return ::unlink(made.name.c_str()) == 0;
}

void FileSeries::take_back() {
    if (made_.empty()) return;
    (void)remove(made_.back());
    made_.pop_back();
}

std::string FileSeries::text() const {
    if (made_.empty()) return "no file";
    if (number_ == 1) return made_.front().name;
    const std::uint64_t removed = number_ - made_.size();
    std::string text = std::to_string(made_.size()) + " files, " + made_.front().name + " to " + name_;
    if (removed != 0)
        text += " (" + std::to_string(removed) + (removed == 1 ? " older one was" : " older ones were") +
                " removed)";
    return text;
}

}  // namespace packetsentry::ctl
