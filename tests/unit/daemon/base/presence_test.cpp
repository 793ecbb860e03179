#include "daemon/base/presence.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "tests/support/temporary_directory.h"

namespace packetsentry::base {
namespace {

struct PresenceTest : testing::Test {
    const test::TemporaryDirectory temporary;
    const std::string& directory = temporary.path();
    const std::string socket = directory + "/control.sock";
};

TEST_F(PresenceTest, IsSeenAsLongAsItIsHeld) {
    EXPECT_FALSE(is_present(socket));
    UniqueFd held = hold_presence(socket);
    ASSERT_TRUE(held);
    EXPECT_TRUE(is_present(socket));
    EXPECT_TRUE(is_present(socket)) << "whoever looks takes nothing";
    ::close(held.release());  // at once, where the type may leave it to another thread
    EXPECT_FALSE(is_present(socket));
}

TEST_F(PresenceTest, SeveralMayShareADirectory) {
    UniqueFd first = hold_presence(socket);
    const UniqueFd second = hold_presence(directory + "/other.sock");
    ASSERT_TRUE(first && second);
    first.reset();
    EXPECT_TRUE(is_present(socket));
}

TEST_F(PresenceTest, EndsWithItsProcessHoweverThatEnds) {
    const pid_t child = ::fork();
    if (child == 0) {
        // Nothing is closed here: that may be another thread's work, and this process has but one.
        const UniqueFd held = hold_presence(socket);
        ::_exit(held ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_FALSE(is_present(socket));
}

TEST_F(PresenceTest, NobodyIsWhereThereIsNoDirectory) {
    EXPECT_FALSE(hold_presence(directory + "/absent/control.sock"));
    EXPECT_FALSE(is_present(directory + "/absent/control.sock"));
}

}  // namespace
}  // namespace packetsentry::base
