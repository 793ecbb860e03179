// The null device, by its number: what lies under the name /dev/null may be something else.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

namespace packetsentry::base {

// Whatever is written there is gone, and no driver or file system of somebody's is asked. Asks nobody itself.
[[nodiscard]] inline bool is_null_device(int fd) {
    constexpr unsigned kMemory = 1, kNull = 3;  // Linux, Documentation/admin-guide/devices.txt
    struct statx status {};
    return ::statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, &status) == 0 &&
           S_ISCHR(status.stx_mode) && status.stx_rdev_major == kMemory && status.stx_rdev_minor == kNull;
}

}  // namespace packetsentry::base
