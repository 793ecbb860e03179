// Whether an open file's own file system answers for it, or somebody else does: a program of the user's
// (FUSE), a server far away.
#pragma once

#include <string>

namespace packetsentry::base {

// Closing it asks nobody: it is no ordinary file, or lies on a disk here, on tmpfs or Btrfs, or on ZFS,
// bcachefs or an overlay that is mounted here. What is not known is none: an overlay hands everything on to
// what lies under it, and anybody can make one in a namespace of his own. Asks nobody itself. devices: the
// directory where the kernel names what it writes files to; a file system that has no disk and yet is there
// has somebody behind it. mounts: this process's.
[[nodiscard]] bool is_local(int fd, const std::string& devices = "/sys/class/bdi",
                            const std::string& mounts = "/proc/self/mountinfo");

}  // namespace packetsentry::base
