#include "daemon/base/trusted_path.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace packetsentry::base {
namespace {

namespace fs = std::filesystem;

class TrustedFile : public testing::Test {
  protected:
    TrustedFile() : directory_(testing::TempDir() + "packetsentry_trusted_" + std::to_string(::getpid())) {
        fs::create_directory(directory_);
        ::chmod(directory_.c_str(), 0755);
        std::ofstream(path()) << "text";
        ::chmod(path().c_str(), 0644);
    }
    ~TrustedFile() override { fs::remove_all(directory_); }

    [[nodiscard]] std::string path() const { return directory_ + "/policy.toml"; }
    [[nodiscard]] std::string message(const std::string& path) const {
        const auto text = read_trusted_file(path, ::geteuid());
        return text ? "" : text.error().message;
    }

    std::string directory_;
};

TEST_F(TrustedFile, IsRead) {
    const auto text = read_trusted_file(path(), ::geteuid());
    ASSERT_TRUE(text) << text.error().message;
    EXPECT_EQ(*text, "text");
}

TEST_F(TrustedFile, MayBeAbsent) {
    const auto text = read_trusted_file(directory_ + "/none.toml", ::geteuid());
    ASSERT_TRUE(text);
    EXPECT_FALSE(*text);
}

TEST_F(TrustedFile, IsRefusedWhereOthersCouldWriteIt) {
    for (const mode_t mode : {0664U, 0646U, 0666U}) {
        ::chmod(path().c_str(), mode);
        EXPECT_EQ(message(path()),
                  "'" + path() + "' can be written by users other than root; 'chmod go-w " + path() + "'");
    }
}

TEST_F(TrustedFile, IsRefusedWhereOthersCouldReplaceIt) {
    ::chmod(directory_.c_str(), 0777);
    EXPECT_NE(message(path()).find("'" + directory_ + "' can be written by users other than root"),
              std::string::npos);
    ::chmod(directory_.c_str(), 01777);
    EXPECT_EQ(message(path()), "");
}

TEST_F(TrustedFile, IsRefusedBehindALinkInsideATrapOrWithoutAnEnd) {
    fs::create_symlink(directory_ + "/nowhere", directory_ + "/dangling");
    EXPECT_NE(message(directory_ + "/dangling").find("No such file or directory"), std::string::npos);
    fs::create_directory(directory_ + "/open");
    ::chmod((directory_ + "/open").c_str(), 0777);
    fs::create_symlink(path(), directory_ + "/open/link");
    EXPECT_NE(message(directory_ + "/open/link").find("can be written by users other than root"),
              std::string::npos);
    std::ofstream(directory_ + "/open/file") << "";
    fs::create_symlink(directory_ + "/open/file", directory_ + "/link");
    EXPECT_NE(message(directory_ + "/link").find("can be written by users other than root"),
              std::string::npos);
}

TEST_F(TrustedFile, IsAnOrdinaryFile) {
    ::mkfifo((directory_ + "/fifo").c_str(), 0600);
    EXPECT_NE(message(directory_ + "/fifo").find("is not an ordinary file"), std::string::npos);
    EXPECT_NE(message(directory_).find("is not an ordinary file"), std::string::npos);
    EXPECT_NE(message("/dev/zero").find("is not an ordinary file"), std::string::npos);
}

TEST_F(TrustedFile, BelongsToItsOwner) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    ASSERT_EQ(::chown(path().c_str(), 65534, 65534), 0);
    EXPECT_EQ(message(path()),
              "'" + path() + "' belongs to uid 65534, which could change it; 'chown root " + path() + "'");
}

// What is made at the end of a link of somebody else's is made where that person likes.
TEST_F(TrustedFile, TheWayToItIsNoLinkOfSomebodyElse) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    ::chmod(directory_.c_str(), 01777);
    fs::create_directory(directory_ + "/real");
    fs::create_directory_symlink(directory_ + "/real", directory_ + "/way");
    const std::string path = directory_ + "/way/new";
    EXPECT_TRUE(check_way(path, 0)) << check_way(path, 0).error().message;
    ASSERT_EQ(::lchown((directory_ + "/way").c_str(), 65534, 65534), 0);
    const auto refused = check_way(path, 0);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message.find("'" + directory_ + "/way' is a symbolic link of uid 65534"), 0U)
        << refused.error().message;
    EXPECT_TRUE(check_way(path, 65534)) << "the user itself may have made it";
}

TEST_F(TrustedFile, TheWayToWhatIsYetToBeMadeIsLookedAt) {
    EXPECT_TRUE(check_way(directory_ + "/new", ::geteuid()));
    EXPECT_FALSE(check_way(directory_ + "/none/new", ::geteuid()));
    ::chmod(directory_.c_str(), 0777);
    EXPECT_FALSE(check_way(directory_ + "/new", ::geteuid()));
    EXPECT_FALSE(check_way(directory_ + "/./x/../new", ::geteuid()));
}

TEST_F(TrustedFile, IsNotTooLong) {
    fs::resize_file(path(), (1U << 20) + 1);
    EXPECT_NE(message(path()).find("longer than 1 MiB"), std::string::npos);
}

}  // namespace
}  // namespace packetsentry::base
