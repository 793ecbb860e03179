#include "ctl/client/start_command.h"

#include <gtest/gtest.h>

#include "ctl/client/usual_socket.h"

namespace packetsentry::ctl {
namespace {

TEST(StartCommand, BySystemdOnlyWhereItCanBe) {
    struct Case {
        const char* socket;
        ServiceManager manager;
        const char* start;
        const char* restart;
    };
    const Case cases[] = {
        {kUsualSocket,
         {true, true},
         "sudo systemctl start packetsentryd.socket",
         "sudo systemctl restart packetsentryd"},
        {kUsualSocket, {true, false}, "sudo packetsentryd", "end packetsentryd, then: sudo packetsentryd"},
        {kUsualSocket, {false, true}, "sudo packetsentryd", "end packetsentryd, then: sudo packetsentryd"},
        {"/x.sock",
         {true, true},
         "sudo packetsentryd --socket /x.sock",
         "end packetsentryd, then: sudo packetsentryd --socket /x.sock"},
    };
    for (const Case& one : cases) {
        EXPECT_EQ(start_command(one.socket, one.manager), one.start);
        EXPECT_EQ(restart_command(one.socket, one.manager), one.restart);
    }
}

}  // namespace
}  // namespace packetsentry::ctl
