#include "daemon/base/low_numbers.h"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "daemon/base/syscall.h"

namespace packetsentry::base {
namespace {

constexpr int kAboveStreams = 4;
constexpr std::chrono::milliseconds kToBeFree{100};
constexpr std::chrono::milliseconds kStep{1};

int duplicate(int fd, int at_least) {
    return ::fcntl(fd, F_DUPFD_CLOEXEC, at_least);
}

// Every reserved number is a duplicate of filler. A LowDuplicate takes the number place for as long as it
// lives, and then puts filler's duplicate back.
struct Reserved {
    int filler = -1;  // -1: none are reserved
    int place = -1;
};
Reserved reserved;

}  // namespace

Result<void> reserve_low_numbers() {
    if (reserved.filler >= 0) return {};
    const int filler = ::open("/", O_PATH | O_CLOEXEC);
    if (filler < 0) return fail(ErrorCode::internal, syscall_text("open /"));
    const int place = duplicate(filler, kAboveStreams);
    int last = place;
    while (last >= 0 && last < kLowNumbers) last = duplicate(filler, 0);
    if (last < 0)
        return fail(ErrorCode::internal, syscall_text("reserve 64 descriptors") +
                                             "; allow this process more ('ulimit -n', LimitNOFILE=)");
    ::close(last);
    if (place >= kLowNumbers || filler >= kLowNumbers)
        return fail(ErrorCode::internal,
                    "cannot reserve descriptor numbers below 64, because they are all in use; "
                    "start this program with fewer open files");
    reserved = {filler, place};
    return {};
}

Result<void> move_up(UniqueFd& fd) {
    const int low = fd.get();
    if (low < 0 || low >= kLowNumbers) return {};
    const int high = duplicate(low, kLowNumbers);
    if (high < 0) return fail(ErrorCode::internal, syscall_text("move a descriptor"));
    count_until_closed(high, count_of(low));
    fd.reset(high);
    // Another thread closes the old descriptor. The kernel frees its number before anything in close() can
    // hang, so this wait is short.
    const auto deadline = std::chrono::steady_clock::now() + kToBeFree;
    while (::fcntl(low, F_GETFD) >= 0 && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(kStep);
    return {};
}

LowDuplicate::LowDuplicate(int fd)
    : fd_(reserved.place >= 0 ? ::dup3(fd, reserved.place, O_CLOEXEC) : duplicate(fd, kAboveStreams)) {}

LowDuplicate::~LowDuplicate() {
    if (fd_ < 0) return;
    if (reserved.place >= 0)
        (void)::dup3(reserved.filler, reserved.place, O_CLOEXEC);
    else
        ::close(fd_);
}

}  // namespace packetsentry::base
