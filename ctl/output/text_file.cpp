#include "ctl/output/text_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>

#include "ctl/output/own_file.h"
#include "ctl/output/text_output.h"
#include "daemon/base/syscall.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

constexpr mode_t kTextFileMode = 0600;
constexpr int kNameTries = 1000;
constexpr OwnFile kLog{.append = true};

std::string path_in(const std::string& directory, const std::string& name) {
    if (directory.empty()) return name;
    return directory.ends_with('/') ? directory + name : directory + '/' + name;
}

std::string numbered(const std::string& stem, int number) {
    return number == 1 ? stem : stem + "_" + std::to_string(number);
}

}  // namespace

base::Result<TextFile> TextFile::append_to(const std::string& directory, const std::string& stem) {
    std::string path = path_in(directory, stem + ".log");
    auto fd = open_own(path, kLog);
    if (!fd) return base::fail(ErrorCode::file, "cannot write " + path + ": " + fd.error().why);
    return TextFile(Kind::appended, std::move(*fd), std::move(path));
}

base::Result<TextFile> TextFile::append_beside(const std::string& directory, const std::string& stem) {
    for (int number = 2; number <= kNameTries; ++number) {
        std::string path = path_in(directory, numbered(stem, number) + ".log");
        auto fd = open_own(path, kLog);
        if (fd) return TextFile(Kind::appended, std::move(*fd), std::move(path));
        if (!fd.error().taken)
            return base::fail(ErrorCode::file, "cannot write " + path + ": " + fd.error().why);
    }
    return base::fail(ErrorCode::file,
                      "cannot write " + path_in(directory, stem) + ".log: too many files have that name");
}

base::Result<TextFile> TextFile::create(const std::string& directory, const std::string& stem) {
    for (int number = 1; number <= kNameTries; ++number) {
        std::string path = path_in(directory, numbered(stem, number) + ".txt");
        base::UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kTextFileMode));
        if (fd) return TextFile(Kind::made, std::move(fd), std::move(path));
        if (errno != EEXIST) return base::fail(ErrorCode::file, base::syscall_text("create " + path));
    }
    return base::fail(ErrorCode::file,
                      "cannot create " + path_in(directory, stem) + ".txt: too many files have that name");
}

base::Result<void> TextFile::write(std::string_view text) {
    if (kind_ == Kind::appended && !is_at(fd_.get(), path_)) {
        if (auto followed = follow_name(); !followed) return followed;
    }
    watch_.look(written_);  // what is written now hides that the file was truncated
    const auto written = write_text(fd_.get(), text, path_);
    if (!written) return std::unexpected(written.error());
    if (!*written) return base::fail(ErrorCode::file, "cannot write " + path_);
    written_ += text.size();
    return {};
}

base::Result<void> TextFile::follow_name() {
    auto fd = open_own(path_, kLog);
    if (!fd) return base::fail(ErrorCode::file, "cannot write " + path_ + ": " + fd.error().why);
    *this = TextFile(kind_, std::move(*fd), std::move(path_));
    return {};
}

std::optional<FileWatch::Change> TextFile::change() {
    watch_.look(written_);
    return watch_.change();
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
