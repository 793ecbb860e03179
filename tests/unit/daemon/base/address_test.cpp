#include "daemon/base/address.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace packetsentry::base {
namespace {

TEST(Address, ReadsAndWritesNumericAddresses) {
    const std::vector<std::pair<const char*, const char*>> cases = {
        {"192.0.2.1", "192.0.2.1"},
        {"0.0.0.0", "0.0.0.0"},
        {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
        {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
    };
    for (const auto& [text, expected] : cases) {
        const auto address = parse_ip(text);
        ASSERT_TRUE(address) << text;
        EXPECT_EQ(to_string(*address), expected);
    }
}

TEST(Address, RefusesWhatIsNotNumeric) {
    for (const char* text : {"", "localhost", "1.2.3", "1.2.3.4.5", "1.2.3.4 ", "fe80::1%eth0", "::g"})
        EXPECT_FALSE(parse_ip(text)) << text;
    EXPECT_FALSE(parse_ip(std::string_view("1.2.3.4\0x", 9)));
}

TEST(Address, WritesMacAddressesAsRfc7042) {
    const std::array bytes = {std::byte{0x00}, std::byte{0x5e}, std::byte{0xab},
                              std::byte{0x01}, std::byte{0xff}, std::byte{0x09}};
    EXPECT_EQ(to_string(Address::from(bytes)), "00-5E-AB-01-FF-09");
    EXPECT_EQ(to_string(Address{}), "");
}

}  // namespace
}  // namespace packetsentry::base
