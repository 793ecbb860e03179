#include "daemon/jobs/id_counter.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <utility>

#include "daemon/base/syscall.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::jobs {
namespace {

using base::ErrorCode;

std::unexpected<base::Error> cannot(const std::string& what) {
    return base::fail(ErrorCode::file, base::syscall_text(what));
}

}  // namespace

IdCounter::IdCounter(std::string state_dir) : state_dir_(std::move(state_dir)) {
    if (state_dir_.empty()) return;
    if (auto loaded = load(); !loaded) trouble_ = loaded.error().message;
    // Found out now, not when the first job starts.
    if (auto stored = trouble_.empty() ? store() : base::Result<void>{}; !stored)
        trouble_ = stored.error().message;
}

std::uint64_t IdCounter::take() {
    const std::uint64_t taken = next_++;
    if (state_dir_.empty() || !trouble_.empty()) return taken;
    if (auto stored = store(); !stored) trouble_ = stored.error().message;
    return taken;
}

base::Result<void> IdCounter::load() {
    const base::UniqueFd file(::open(path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file && errno == ENOENT) return {};
    if (!file) return cannot("read " + path());
    std::array<char, 32> text{};
    const ssize_t size = ::read(file.get(), text.data(), text.size());
    if (size < 0) return cannot("read " + path());
    std::uint64_t number = 0;
    const char* end = text.data() + size;
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stop == end || *stop != '\n' || number == 0)
        return base::fail(ErrorCode::file, path() + " does not hold a number");
    next_ = number;
    return {};
}

base::Result<void> IdCounter::store() const {
    const std::string beside = path() + ".new";
    const base::UniqueFd file(
        ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
    if (!file) return cannot("write " + beside);
    const std::string text = std::to_string(next_) + "\n";
    if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::fsync(file.get()) != 0)
        return cannot("write " + beside);
    if (std::rename(beside.c_str(), path().c_str()) != 0) return cannot("rename " + beside);
    const base::UniqueFd directory(::open(state_dir_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory || ::fsync(directory.get()) != 0) return cannot("sync " + state_dir_);
    return {};
}

}  // namespace packetsentry::jobs
