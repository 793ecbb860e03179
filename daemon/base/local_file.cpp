#include "daemon/base/local_file.h"

#include <fcntl.h>
#include <linux/btrfs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string_view>

namespace packetsentry::base {
namespace {

bool is_there(const std::string& path) {
    return ::access(path.c_str(), F_OK) == 0;
}

// Of the file systems that have no disk of their own: tmpfs, whose files alone have seals, and Btrfs, whose
// devices are not those of its mounts. Not an overlay, which has neither, and under which anything can lie.
bool is_known(int fd) {
    btrfs_ioctl_fs_info_args info{};
    return ::fcntl(fd, F_GET_SEALS) >= 0 || ::ioctl(fd, BTRFS_IOC_FS_INFO, &info) == 0;
}

// Mounted here, where it takes root: proc_pid_mountinfo(5) has "ID PARENT MAJOR:MINOR ... - TYPE ...".
bool is_mounted_here(const std::string& number, const std::string& mounts) {
    static constexpr std::array kTypes{std::string_view("zfs"), std::string_view("bcachefs"),
                                       std::string_view("overlay")};
    std::ifstream file(mounts);
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string word;
        for (int i = 0; i < 3; ++i) words >> word;
        if (word != number) continue;
        while (words >> word && word != "-") continue;
        words >> word;
        return std::ranges::find(kTypes, word) != kTypes.end();
    }
    return false;
}

}  // namespace

// FUSE, NFS and their like are "0:57" there, FUSE upon a disk "8:1-fuseblk", others have names of their own
// (Linux, mm/backing-dev.c and its callers). FUSE is not asked: it would hand an ioctl() to its user's
// program.
bool is_local(int fd, const std::string& devices, const std::string& mounts) {
    struct statx status {};
    if (::statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, &status) != 0) return false;
    if (!S_ISREG(status.stx_mode)) return true;
    const std::string number =
        std::to_string(status.stx_dev_major) + ':' + std::to_string(status.stx_dev_minor);
    const std::string device = devices + '/' + number;
    const bool has_disk = status.stx_dev_major != 0;
    if (!is_there(devices) || is_there(device + "-fuseblk")) return false;
    return has_disk || (!is_there(device) && (is_known(fd) || is_mounted_here(number, mounts)));
}

}  // namespace packetsentry::base
