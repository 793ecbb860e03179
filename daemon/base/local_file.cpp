#include "daemon/base/local_file.h"

#include <fcntl.h>
#include <linux/btrfs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

namespace packetsentry::base {
namespace {

bool is_there(const std::string& path) {
    return ::access(path.c_str(), F_OK) == 0;
}

// Files of tmpfs and of hugetlbfs have seals, and no others.
bool has_seals(int fd) {
    return ::fcntl(fd, F_GET_SEALS) >= 0;
}

// Btrfs has devices that are not those of its mounts.
bool is_btrfs(int fd) {
    btrfs_ioctl_fs_info_args info{};
    return ::ioctl(fd, BTRFS_IOC_FS_INFO, &info) == 0;
}

// The file systems that have no disk of their own and yet are known by what they answer. An overlay has
// neither seals nor devices, and anything can lie under it.
bool is_known(int fd) {
    return has_seals(fd) || is_btrfs(fd);
}

// The type of the file system of that device that is mounted here, or "": proc_pid_mountinfo(5) has
// "ID PARENT MAJOR:MINOR ... - TYPE ...".
std::string type_mounted_here(const std::string& number, const std::string& mounts) {
    std::ifstream file(mounts);
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string word;
        for (int i = 0; i < 3; ++i) words >> word;
        if (word != number) continue;
        while (words >> word && word != "-") continue;
        words >> word;
        return word;
    }
    return "";
}

// Only root can mount these, or has mounted this one.
bool is_mounted_here(const std::string& number, const std::string& mounts) {
    static constexpr std::array kTypes{std::string_view("zfs"), std::string_view("bcachefs"),
                                       std::string_view("overlay")};
    return std::ranges::find(kTypes, type_mounted_here(number, mounts)) != kTypes.end();
}

// In a container: a file of an overlay has a device of its own, which is that of no mount.
bool stands_on_overlay(const std::string& mounts) {
    std::ifstream file(mounts);
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string word;
        for (int i = 0; i < 5; ++i) words >> word;
        if (word == "/" && line.find(" - overlay ") != std::string::npos) return true;
    }
    return false;
}

// ZFS, bcachefs, CIFS and others name what they write to ("zfs-1"), so that a file does not lead there.
bool has_named_device(const std::string& devices) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(devices, error)) {
        const std::string name = entry.path().filename();
        const bool numbered = name.front() >= '0' && name.front() <= '9';
        if (!numbered && !name.starts_with("btrfs-") && !name.starts_with("mtd-")) return true;
    }
    return false;
}

struct Device {
    std::string number;  // "8:1"
    bool has_disk = false;
};

Device device_of(const struct statx& status) {
    return {std::to_string(status.stx_dev_major) + ':' + std::to_string(status.stx_dev_minor),
            status.stx_dev_major != 0};
}

bool is_memory(const std::string& type) {
    return type == "tmpfs" || type == "devtmpfs" || type == "ramfs" || type == "hugetlbfs";
}

}  // namespace

// FUSE, NFS and their like are "0:57" there, FUSE upon a disk "8:1-fuseblk", others have names of their own
// (Linux, mm/backing-dev.c and its callers). FUSE is not asked: it would hand an ioctl() to its user's
// program.
bool is_local(int fd, const std::string& devices, const std::string& mounts) {
    struct statx status {};
    if (::statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, &status) != 0) return false;
    if (!S_ISREG(status.stx_mode)) return true;
    const auto [number, has_disk] = device_of(status);
    const std::string device = devices + '/' + number;
    if (!is_there(devices) || is_there(device + "-fuseblk")) return false;
    return has_disk || (!is_there(device) && (is_known(fd) || is_mounted_here(number, mounts)));
}

Memory memory_of(int fd, const std::string& devices, const std::string& mounts) {
    struct statx status {};
    if (::statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, &status) != 0) return Memory::none;
    if (!S_ISREG(status.stx_mode)) return Memory::none;
    const auto [number, has_disk] = device_of(status);
    const std::string type = has_disk ? "" : type_mounted_here(number, mounts);
    if (has_seals(fd)) return is_memory(type) ? Memory::mounted_here : Memory::elsewhere;
    if (has_disk || !is_there(devices) || is_there(devices + '/' + number) || is_btrfs(fd))
        return Memory::none;
    if (!type.empty()) return is_memory(type) ? Memory::mounted_here : Memory::none;
    return has_named_device(devices) || stands_on_overlay(mounts) ? Memory::none : Memory::elsewhere;
}

}  // namespace packetsentry::base
