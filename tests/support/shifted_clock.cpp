// Loaded into a program (LD_PRELOAD), it sets the wall clock that the program sees forward or back while it
// runs: by the nanoseconds in the file that the environment calls SHIFTED_CLOCK. The machine's clock stays as
// it is, and so do the times that the kernel gives to packets.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace {

const volatile std::int64_t* map_shift() {
    const char* const path = std::getenv("SHIFTED_CLOCK");
    const int file = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return nullptr;
    void* const mapped = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    return mapped == MAP_FAILED ? nullptr : static_cast<const volatile std::int64_t*>(mapped);
}

void shift(timespec& time) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    static const volatile std::int64_t* const shift_ns = map_shift();
    if (shift_ns == nullptr) return;
    const std::int64_t ns = time.tv_sec * kSecond + time.tv_nsec + *shift_ns;
    time.tv_sec = ns / kSecond;
    time.tv_nsec = ns % kSecond;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
    const long failed = ::syscall(SYS_clock_gettime, clock, time);
    if (failed == 0 && clock == CLOCK_REALTIME) shift(*time);
    return static_cast<int>(failed);
}

int gettimeofday(timeval* time, void*) noexcept {
    timespec now{};
    if (::clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t* out) noexcept {
    timespec now{};
    if (::clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    if (out != nullptr) *out = now.tv_sec;
    return now.tv_sec;
}

}  // extern "C"
