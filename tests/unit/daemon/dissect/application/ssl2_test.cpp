#include <gtest/gtest.h>

#include "daemon/dissect/application/application_protocols.h"
#include "tests/unit/daemon/dissect/application_reading.h"

namespace packetsentry::dissect {
namespace {

using test::Bytes;
using test::hex;
using test::join;

const Bytes kChallenge(16, std::byte{0x5A});

// 9 bytes, a cipher of 3, and a challenge of 16.
Bytes client(const std::string& version) {
    return join({hex("801C 01" + version + "0003 0000 0010 010080"), kChallenge});
}

TEST(Ssl2, ReadsHellos) {
    struct Case {
        std::string what;
        Bytes payload;
        std::string line, protocol;
    };
    const Case cases[] = {
        {"a client", client("0002"), "TLS Client Hello 2.0", "ssl"},
        {"a client that offers SSL 3", client("0300"), "TLS Client Hello 3.0", "ssl"},
        {"a client that offers TLS", client("0301"), "TLS Client Hello 1.0", "tls"},
        {"a client with a session", join({hex("802C 01 0002 0003 0010 0010 010080"), Bytes(16), kChallenge}),
         "TLS Client Hello 2.0", "ssl"},
        {"a server", join({hex("8020 04 00 01 0002 0002 0003 0010 3082 010080"), kChallenge}),
         "TLS Server Hello 2.0", "ssl"},
        {"a header alone", hex("801C 01 0002 0003 0000 0010"), "TLS Client Hello 2.0", "ssl"},
    };
    for (const Case& c : cases) {
        const Reading got(dissect_ssl2, c.payload);
        EXPECT_EQ(got.line(), c.line) << c.what;
        EXPECT_EQ(got.value("tls.version_protocol"), c.protocol) << c.what;
    }
}

TEST(Ssl2, LeavesOtherThingsAlone) {
    struct Case {
        std::string what, payload;
    };
    const Case cases[] = {
        {"one byte", "80"},
        {"part of a header", "801C 01 0002 0003 0000 00"},
        {"padding", "001C 00 01 0002 0003 0000 0010"},
        {"another message", "801C 02 0002 0003 0000 0010"},
        {"another version", "801C 01 0200 0003 0000 0010"},
        {"no ciphers", "8019 01 0002 0000 0000 0010"},
        {"part of a cipher", "801D 01 0002 0004 0000 0010"},
        {"a session of another size", "801D 01 0002 0003 0001 0010"},
        {"a short challenge", "801B 01 0002 0003 0000 000F"},
        {"lengths that do not add up", "801D 01 0002 0003 0000 0010"},
        {"a server with a third answer", "8020 04 02 01 0002 0002 0003 0010"},
        {"a server of SSL 3", "8020 04 00 01 0300 0002 0003 0010"},
    };
    for (const Case& c : cases) EXPECT_EQ(Reading(dissect_ssl2, hex(c.payload)).line(), "-") << c.what;
}

}  // namespace
}  // namespace packetsentry::dissect
