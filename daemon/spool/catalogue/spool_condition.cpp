#include "daemon/spool/catalogue/spool_condition.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <utility>

#include "daemon/base/syscall.h"
#include "daemon/spool/format/file_header.h"
#include "daemon/spool/format/segment_name.h"

namespace packetsentry::spool {
namespace {

using base::Result;

constexpr mode_t kOthers = 0077;
constexpr mode_t kModeBits = 07777;

struct KnownFileSystem {
    std::uint32_t magic;
    const char* name;
};
constexpr std::array kFileSystems = {
    KnownFileSystem{EXT4_SUPER_MAGIC, "ext4"},
    KnownFileSystem{BTRFS_SUPER_MAGIC, "btrfs"},
    KnownFileSystem{XFS_SUPER_MAGIC, "xfs"},
    KnownFileSystem{TMPFS_MAGIC, "tmpfs"},
    KnownFileSystem{OVERLAYFS_SUPER_MAGIC, "overlayfs"},
    KnownFileSystem{NFS_SUPER_MAGIC, "nfs"},
    KnownFileSystem{F2FS_SUPER_MAGIC, "f2fs"},
    KnownFileSystem{RAMFS_MAGIC, "ramfs"},
    KnownFileSystem{FUSE_SUPER_MAGIC, "fuse"},
    KnownFileSystem{0x2fc12fc1, "zfs"},
};

std::string file_system_of(int directory) {
    struct statfs status {};
    if (::fstatfs(directory, &status) != 0) return "unknown";
    const auto magic = static_cast<std::uint32_t>(status.f_type);
    const auto* const known = std::ranges::find(kFileSystems, magic, &KnownFileSystem::magic);
    if (known != kFileSystems.end()) return known->name;
    std::array<char, 16> number{};
    std::snprintf(number.data(), number.size(), "0x%08x", magic);
    return number.data();
}

std::string_view without_unfinished(std::string_view name) {
    return name.ends_with(kUnfinished) ? name.substr(0, name.size() - kUnfinished.size()) : name;
}

// A directory of the spool is looked at name by name.
class Look {
  public:
    Look(SpoolCondition& condition, std::size_t entries_left)
        : condition_(condition), entries_left_(entries_left) {}

    using IsOurs = std::function<bool(std::string_view name)>;

    Result<void> at(const Directory& directory, const std::string& prefix, const IsOurs& is_ours) {
        const auto names = directory.names();
        if (!names) return std::unexpected(names.error());
        for (const std::string& name : *names) {
            if (name == "." || name == "..") continue;
            if (entries_left_ == 0) return {};
            --entries_left_;
            at_name(directory.fd(), prefix + name, name, is_ours(name));
        }
        return {};
    }

  private:
    void at_name(int directory, const std::string& path, const std::string& name, bool ours) {
        struct stat status {};
        // It may have been removed meanwhile.
        if (::fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return;
        const bool closed = status.st_uid == ::geteuid() && (status.st_mode & kOthers) == 0;
        condition_.foreign += ours ? 0 : 1;
        condition_.open_to_others += ours && !closed ? 1 : 0;
        if ((!ours || !closed) && condition_.examples.size() < SpoolCondition::kExamples)
            condition_.examples.push_back(path);
    }

    SpoolCondition& condition_;
    std::size_t entries_left_;
};

bool is_name_of_spool(std::string_view name) {
    return without_unfinished(name) == kIdentityName || parse_job_directory(name).has_value();
}

bool is_name_of_job(std::string_view name) {
    const std::string_view whole = without_unfinished(name);
    return whole == kCatalogueName || parse_file_name(whole).has_value();
}

}  // namespace

Result<SpoolCondition> condition_of(const Directory& spool, std::size_t entries_limit) {
    struct stat status {};
    if (::fstat(spool.fd(), &status) != 0)
        return base::syscall_failed("examine '" + spool.path() + "'", base::ErrorCode::file);
    SpoolCondition condition{.owner = status.st_uid,
                             .permissions = status.st_mode & kModeBits,
                             .file_system = file_system_of(spool.fd())};
    Look look(condition, entries_limit);
    if (auto looked = look.at(spool, "", is_name_of_spool); !looked) return std::unexpected(looked.error());
    const auto names = spool.names();
    if (!names) return std::unexpected(names.error());
    for (const std::string& name : *names) {
        if (!parse_job_directory(name)) continue;
        // What cannot be opened is counted above, or was removed.
        const auto job = spool.subdirectory(name);
        if (job) (void)look.at(*job, name + "/", is_name_of_job);
    }
    return condition;
}

}  // namespace packetsentry::spool
