// Whether an open file's own file system answers for it, or somebody else does: a program of the user's
// (FUSE), a server far away.
#pragma once

#include <cstdint>
#include <string>

namespace packetsentry::base {

// Tells whether closing fd waits for nobody else: it is no ordinary file, or it lies on a disk of this
// machine, on tmpfs or Btrfs, or on ZFS, bcachefs or an overlay that is mounted here. For a file system that
// is not known the answer is no: an overlay hands everything on to what lies under it, and anybody can make
// one in a namespace of their own. This call itself waits for nobody either. devices: the directory where the
// kernel names what it writes files to; a file system that has no disk and yet is named there has somebody
// behind it. mounts: this process's.
[[nodiscard]] bool is_local(int fd, const std::string& devices = "/sys/class/bdi",
                            const std::string& mounts = "/proc/self/mountinfo");

// Where what is written to an open file is kept in memory, which is then charged to whoever writes it.
enum class Memory : std::uint8_t {
    none,          // it is no ordinary file, or lies on a disk or with somebody else
    mounted_here,  // tmpfs or the like, mounted where this process sees it: root has given it a size
    elsewhere,     // a file without a file system (memfd), or one that is mounted in somebody's own namespace
};
// Asks nobody. An overlay that is not mounted here counts as memory, as nobody can tell what lies under it.
// Where the machine has file systems such as ZFS, which cannot be told from one when they are not mounted
// here (systemd's ProtectHome= hides homes), it does not.
[[nodiscard]] Memory memory_of(int fd, const std::string& devices = "/sys/class/bdi",
                               const std::string& mounts = "/proc/self/mountinfo");

}  // namespace packetsentry::base
