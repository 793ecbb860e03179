#include "ctl/client/connection.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "daemon/base/unique_fd.h"

namespace packetsentry::ctl {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kShort{50};

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

// Takes connections into its queue and never looks at them.
base::UniqueFd silent_listener(const std::string& path) {
    ::unlink(path.c_str());
    base::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_un address = address_of(path);
    EXPECT_EQ(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(fd.get(), 0), 0);
    return fd;
}

void expect_short_wait(const std::string& path) {
    const auto begin = Clock::now();
    const auto connection = Connection::open(path, kShort);
    ASSERT_FALSE(connection);
    EXPECT_EQ(connection.error().code, base::ErrorCode::timed_out);
    EXPECT_GE(Clock::now() - begin, kShort / 2);
    EXPECT_LT(Clock::now() - begin, std::chrono::seconds(5));
}

TEST(Connection, WaitsForAnAnswerAsLongAsItsPatience) {
    const std::string path = testing::TempDir() + "silent-" + std::to_string(::getpid()) + ".sock";
    const auto listener = silent_listener(path);
    expect_short_wait(path);
}

TEST(Connection, WaitsForAPlaceInTheQueueAsLongAsItsPatience) {
    const std::string path = testing::TempDir() + "full-" + std::to_string(::getpid()) + ".sock";
    const auto listener = silent_listener(path);
    const auto first = Connection::connect(path, kShort);
    ASSERT_TRUE(first);
    expect_short_wait(path);
}

}  // namespace
}  // namespace packetsentry::ctl
