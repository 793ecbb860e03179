#include "daemon/flows/address_names.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/daemon/flows/flow_builder.h"

namespace packetsentry::flows {
namespace {

base::Address numbered(std::uint32_t number) {
    std::array<std::byte, 4> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes.at(i) = static_cast<std::byte>(number >> 8 * i);
    return base::Address::from(bytes);
}

TEST(AddressNames, HasTheNewestName) {
    NamePool pool(100'000, 7);
    AddressNames names({}, pool, 7);
    EXPECT_EQ(names.find(kServer.address), "");
    names.learn(kServer.address, "old.example");
    names.learn(kServer.address, "new.example");
    names.learn(kClient.address, "new.example");
    EXPECT_EQ(names.find(kServer.address), "new.example");
    EXPECT_EQ(names.find(kClient.address), "new.example");
    EXPECT_EQ(names.size(), 2U);
    EXPECT_EQ(pool.bytes(), NamePool::bytes_of(11)) << "a name is stored once, and the old one is forgotten";
}

TEST(AddressNames, ForgetsWhoWasNamedLongestAgo) {
    NamePool pool(100'000, 7);
    AddressNames names({.addresses = 3}, pool, 7);
    for (const std::uint32_t host : {1U, 2U, 3U, 1U, 4U}) names.learn(numbered(host), "host.example");
    EXPECT_EQ(names.size(), 3U);
    EXPECT_EQ(names.find(numbered(2)), "");
    for (const std::uint32_t host : {1U, 3U, 4U})
        EXPECT_EQ(names.find(numbered(host)), "host.example") << host;
}

TEST(AddressNames, ForgetsAnAddressWhoseNewNameHasNoRoom) {
    NamePool pool(NamePool::bytes_of(20), 7);
    AddressNames names({}, pool, 7);
    names.learn(kServer.address, "old.example");
    names.learn(kServer.address, "one.that.is.longer.than.there.is.room.for.example");
    EXPECT_EQ(names.find(kServer.address), "");
    EXPECT_EQ(pool.bytes(), 0U);
}

// A million answers that name a million addresses, each by a name of its own.
TEST(AddressNames, IsBounded) {
    NamePool pool(16 * 1024 * 1024, 7);
    constexpr AddressNames::Limits kLimits;
    AddressNames names({}, pool, 7);
    for (std::uint32_t host = 0; host < 1'000'000; ++host) {
        names.learn(numbered(host), std::to_string(host) + ".example");
        if (host % 10'000 != 0) continue;
        ASSERT_LE(names.size(), kLimits.addresses);
        ASSERT_LE(pool.bytes(), kLimits.name_bytes);
    }
    EXPECT_EQ(names.find(numbered(999'999)), "999999.example");
    EXPECT_EQ(names.find(numbered(0)), "");
    for (std::uint32_t host = 0; host < 1'000'000; ++host) names.learn(numbered(host), "one.example");
    EXPECT_EQ(names.size() == kLimits.addresses || names.name_bytes() + 100 > kLimits.name_bytes, true);
    EXPECT_LE(names.size(), kLimits.addresses);
}

}  // namespace
}  // namespace packetsentry::flows
