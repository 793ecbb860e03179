#include "daemon/base/local_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace packetsentry::base {
namespace {

bool is_there(const std::string& path) {
    return ::access(path.c_str(), F_OK) == 0;
}

}  // namespace

// FUSE, NFS and their like are "0:57" there, FUSE upon a disk "8:1-fuseblk"; tmpfs and overlays are not, and
// others have names of their own (Linux, mm/backing-dev.c and its callers).
bool is_local(int fd, const std::string& devices) {
    struct statx status {};
    if (::statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, &status) != 0) return false;
    if (!S_ISREG(status.stx_mode)) return true;
    const std::string device =
        devices + '/' + std::to_string(status.stx_dev_major) + ':' + std::to_string(status.stx_dev_minor);
    const bool has_disk = status.stx_dev_major != 0;
    return is_there(devices) && !is_there(device + "-fuseblk") && (has_disk || !is_there(device));
}

}  // namespace packetsentry::base
