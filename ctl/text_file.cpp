#include "ctl/text_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <optional>

#include "ctl/text_output.h"
#include "daemon/base/syscall.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

constexpr mode_t kOwnerOnly = 0600;
constexpr int kNameTries = 1000;

std::string path_in(const std::string& directory, const std::string& name) {
    if (directory.empty()) return name;
    return directory.ends_with('/') ? directory + name : directory + '/' + name;
}

// Why a file that was found is not to be written to; nothing where it may be.
std::optional<std::string> objection(int fd) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) return base::errno_text(errno);
    if (!S_ISREG(status.st_mode)) return "it is not an ordinary file";
    const uid_t self = ::geteuid();
    if (self != 0 && status.st_uid != self && status.st_uid != 0) return "it belongs to somebody else";
    return std::nullopt;
}

}  // namespace

base::Result<TextFile> TextFile::append_to(const std::string& directory, const std::string& name) {
    const std::string path = path_in(directory, name);
    // Non-blocking: opening a FIFO would wait for its reader.
    base::UniqueFd fd(::open(
        path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, kOwnerOnly));
    if (!fd && errno == ELOOP)
        return base::fail(ErrorCode::file, "cannot write " + path + ": it is a symbolic link");
    if (!fd) return base::fail(ErrorCode::file, base::syscall_text("write " + path));
    if (const auto why = objection(fd.get()))
        return base::fail(ErrorCode::file, "cannot write " + path + ": " + *why);
    return TextFile(std::move(fd), path);
}

base::Result<TextFile> TextFile::create(const std::string& directory, const std::string& stem) {
    for (int number = 1; number <= kNameTries; ++number) {
        const std::string suffix = number == 1 ? "" : "_" + std::to_string(number);
        std::string path = path_in(directory, stem + suffix + ".txt");
        base::UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly));
        if (fd) return TextFile(std::move(fd), std::move(path));
        if (errno != EEXIST) return base::fail(ErrorCode::file, base::syscall_text("create " + path));
    }
    return base::fail(ErrorCode::file,
                      "cannot create " + path_in(directory, stem) + ".txt: too many of that name");
}

base::Result<void> TextFile::write(std::string_view text) {
    const auto written = write_text(fd_.get(), text, path_);
    if (!written) return std::unexpected(written.error());
    if (!*written) return base::fail(ErrorCode::file, "cannot write " + path_);
    return {};
}

std::string results_stem(std::int64_t time_ns) {
    const auto time = static_cast<std::time_t>(time_ns / 1'000'000'000);
    std::tm parts{};
    ::localtime_r(&time, &parts);
    std::array<char, 64> text{};
    std::strftime(text.data(), text.size(), "packetsentry_results_%Y%m%d_%H%M%S", &parts);
    return text.data();
}

}  // namespace packetsentry::ctl
