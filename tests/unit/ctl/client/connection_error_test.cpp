#include "ctl/client/connection_error.h"

#include <grp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "ctl/client/start_command.h"
#include "ctl/client/usual_socket.h"
#include "daemon/base/names.h"

namespace packetsentry::ctl {
namespace {

TEST(ConnectionError, NotPermittedNamesUserGroupAndCommand) {
    const std::string user = base::user_name(::geteuid());
    const auto error = connection_error("/nowhere.sock", EACCES);
    EXPECT_EQ(error.code, base::ErrorCode::not_permitted);
    EXPECT_EQ(error.message, "cannot use /nowhere.sock: you (" + user +
                                 ") are not in group packetsentry: 'sudo adduser " + user +
                                 " packetsentry', then log in again");
}

// The group is the socket's own; any file with a group will do here.
TEST(ConnectionError, TheGroupIsTheSocketsOwn) {
    const group* shadow = ::getgrnam("shadow");
    struct stat status {};
    if (shadow == nullptr || ::stat("/etc/shadow", &status) != 0 || status.st_gid != shadow->gr_gid)
        GTEST_SKIP() << "no file of another group here";
    EXPECT_NE(connection_error("/etc/shadow", EACCES).message.find("not in group shadow:"),
              std::string::npos);
}

TEST(ConnectionError, NobodyIsToldToJoinRoot) {
    EXPECT_EQ(connection_error("/", EACCES).message,
              "cannot use /: only root may use it; 'packetsentryd --group NAME' allows a group to use it");
}

TEST(ConnectionError, UnreachableNamesTheCommandThatStartsIt) {
    const auto usual = connection_error(kUsualSocket, ENOENT);
    EXPECT_EQ(usual.code, base::ErrorCode::unreachable);
    EXPECT_TRUE(usual.message.ends_with("start it with '" +
                                        start_command(kUsualSocket, find_service_manager()) + "'"));
    EXPECT_EQ(connection_error("/x.sock", ECONNREFUSED).message,
              "cannot reach packetsentryd at /x.sock: Connection refused; start it with 'sudo packetsentryd "
              "--socket "
              "/x.sock'");
}

TEST(ConnectionError, AFullQueueIsNoDaemonToBeStarted) {
    const auto full = connection_error("/x.sock", EAGAIN);
    EXPECT_EQ(full.code, base::ErrorCode::timed_out);
    EXPECT_EQ(full.message.find("start it"), std::string::npos);
}

}  // namespace
}  // namespace packetsentry::ctl
