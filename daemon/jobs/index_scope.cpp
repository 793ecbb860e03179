#include "daemon/jobs/index_scope.h"

#include <sys/stat.h>
#include <time.h>

#include <cstdint>

namespace packetsentry::jobs {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kTolerance = 2 * kSecond;

std::int64_t read_clock(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return time.tv_sec * kSecond + time.tv_nsec;
}

}  // namespace

// The boot's own id (/proc/sys/kernel/random/boot_id) is out of sight under systemd's ProcSubset=pid. The
// moment of the boot, by the wall clock, serves as well: a later boot differs by all the time for which the
// earlier one ran.
wire::IndexScope present_index_scope() {
    wire::IndexScope scope;
    scope.set_booted_ns(read_clock(CLOCK_REALTIME) - read_clock(CLOCK_BOOTTIME));
    struct stat status {};
    if (::stat("/proc/self/ns/net", &status) == 0) scope.set_network_namespace(status.st_ino);
    return scope;
}

bool same_scope(const wire::IndexScope& one, const wire::IndexScope& other) {
    std::int64_t apart = 0;
    if (__builtin_sub_overflow(one.booted_ns(), other.booted_ns(), &apart)) return false;
    return apart >= -kTolerance && apart <= kTolerance &&
           one.network_namespace() == other.network_namespace();
}

}  // namespace packetsentry::jobs
