#include <gtest/gtest.h>

#include "daemon/dissect/application/application_protocols.h"
#include "tests/unit/daemon/dissect/application_reading.h"

namespace packetsentry::dissect {
namespace {

using test::text;

TEST(Ssh, ReadsTheFirstLine) {
    struct Case {
        std::string payload;
        bool is_cut;
        std::string line;
    };
    const Case cases[] = {
        {"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", false, "SSH OpenSSH_9.2p1 Debian-2"},
        {"SSH-1.99-old\n", false, "SSH old"},
        {"SSH-2.0-x\r\nmore", false, "SSH x"},
        {"SSH-2.0-Open", true, "SSH Open"},
        {"SSH-2.0-Open", false, "-"},
        {"SSH-3.0-x\r\n", false, "-"},
        {"SSH-2.0-" + std::string(300, 'x') + "\r\n", false, "-"},
        {"hello\r\n", false, "-"},
    };
    for (const Case& c : cases)
        EXPECT_EQ(Reading(dissect_ssh, text(c.payload), c.is_cut).line(), c.line) << c.payload;
}

}  // namespace
}  // namespace packetsentry::dissect
