#include "daemon/jobs/id_counter.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace packetsentry::jobs {
namespace {

constexpr std::size_t kDigits = 32;
constexpr const char* kCounterFile = "next-job";

}  // namespace

IdCounter::IdCounter(base::StateDirectory directory) : directory_(std::move(directory)) {
    if (!directory_) return;
    if (auto loaded = load(); !loaded) trouble_ = loaded.error().message;
    // Found out now, not when the first job starts.
    if (auto stored = trouble_.empty() ? store() : base::Result<void>{}; !stored)
        trouble_ = stored.error().message;
}

void IdCounter::pass(std::uint64_t id) {
    next_ = std::max(next_, id + 1);
}

std::uint64_t IdCounter::take() {
    const std::uint64_t taken = next_++;
    if (!directory_ || !trouble_.empty()) return taken;
    if (auto stored = store(); !stored) trouble_ = stored.error().message;
    return taken;
}

base::Result<void> IdCounter::load() {
    const auto text = directory_.read_file(kCounterFile, kDigits);
    if (!text) return std::unexpected(text.error());
    if (!*text) return {};
    std::uint64_t number = 0;
    const char* const begin = (*text)->data();
    const char* const end = begin + (*text)->size();
    const auto [stop, error] = std::from_chars(begin, end, number);
    if (error != std::errc{} || stop == end || *stop != '\n' || number == 0)
        return base::fail(base::ErrorCode::file,
                          directory_.path_of(kCounterFile) + " does not hold a number");
    next_ = number;
    return {};
}

base::Result<void> IdCounter::store() const {
    return directory_.replace_file(kCounterFile, std::to_string(next_) + "\n");
}

}  // namespace packetsentry::jobs
