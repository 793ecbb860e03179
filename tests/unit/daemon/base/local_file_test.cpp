#include "daemon/base/local_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "daemon/base/unique_fd.h"

namespace packetsentry::base {
namespace {

namespace fs = std::filesystem;

UniqueFd open_temporary() {
    return UniqueFd(::open(fs::temp_directory_path().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
}

// In a mount namespace that goes with the thread and the file. None: there is no right to make it.
UniqueFd open_on_overlay() {
    int fd = -1;
    std::thread([&fd] {
        const fs::path all = fs::temp_directory_path();
        if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount("none", all.c_str(), "tmpfs", 0, nullptr) != 0)
            return;
        for (const char* name : {"lower", "upper", "work", "merged"}) fs::create_directory(all / name);
        const std::string layers = "lowerdir=" + (all / "lower").string() +
                                   ",upperdir=" + (all / "upper").string() +
                                   ",workdir=" + (all / "work").string();
        if (::mount("none", (all / "merged").c_str(), "overlay", 0, layers.c_str()) != 0) return;
        fd = ::open((all / "merged/file").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    }).join();
    return UniqueFd(fd);
}

TEST(LocalFile, OrdinaryFilesAndPipesAre) {
    const UniqueFd memory(::memfd_create("file", MFD_CLOEXEC));
    EXPECT_TRUE(is_local(memory.get()));
    struct stat status {};
    if (const UniqueFd file = open_temporary();
        ::fstat(file.get(), &status) == 0 && major(status.st_dev) != 0) {
        EXPECT_TRUE(is_local(file.get()));
    }
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const UniqueFd reader(ends[0]);
    const UniqueFd writer(ends[1]);
    EXPECT_TRUE(is_local(writer.get()));
    EXPECT_TRUE(is_local(writer.get(), "/nonexistent"));
}

TEST(LocalFile, WhatIsNotKnownIsNone) {
    const UniqueFd memory(::memfd_create("file", MFD_CLOEXEC));
    EXPECT_FALSE(is_local(memory.get(), "/nonexistent"));
    EXPECT_FALSE(is_local(-1));
}

TEST(LocalFile, OneOnAnOverlayIsWhereThatIsMountedHere) {
    const UniqueFd file = open_on_overlay();
    if (!file) GTEST_SKIP() << "no right to mount an overlay";
    EXPECT_FALSE(is_local(file.get()));
    struct stat status {};
    ASSERT_EQ(::fstat(file.get(), &status), 0);
    const std::string number =
        std::to_string(major(status.st_dev)) + ':' + std::to_string(minor(status.st_dev));
    const fs::path mounts = fs::temp_directory_path() / ("packetsentry-mounts-" + std::to_string(::getpid()));
    const auto is_local_with = [&](const std::string& type) {
        std::ofstream(mounts) << "21 20 0:1 / /dev/shm rw - tmpfs none rw\n22 20 " << number
                              << " / /mnt/a rw,nosuid shared:1 - " << type << " none rw\n";
        return is_local(file.get(), "/sys/class/bdi", mounts);
    };
    EXPECT_TRUE(is_local_with("overlay")) << "mounted here";
    EXPECT_TRUE(is_local_with("zfs"));
    EXPECT_FALSE(is_local_with("cifs"));
    fs::remove(mounts);
}

// As where the file lay on FUSE; system test 565 has a real one.
TEST(LocalFile, OneWithSomebodyBehindItIsNone) {
    const fs::path devices =
        fs::temp_directory_path() / ("packetsentry-devices-" + std::to_string(::getpid()));
    fs::create_directory(devices);
    const UniqueFd memory(::memfd_create("file", MFD_CLOEXEC));
    EXPECT_TRUE(is_local(memory.get(), devices));
    struct stat status {};
    ASSERT_EQ(::fstat(memory.get(), &status), 0);
    const std::string device =
        std::to_string(major(status.st_dev)) + ':' + std::to_string(minor(status.st_dev));
    for (const char* ending : {"", "-fuseblk"}) {
        std::ofstream(devices / (device + ending)).put('x');
        EXPECT_FALSE(is_local(memory.get(), devices)) << ending;
        fs::remove(devices / (device + ending));
    }
    fs::remove_all(devices);
}

}  // namespace
}  // namespace packetsentry::base
