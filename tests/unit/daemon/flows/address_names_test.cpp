#include "daemon/flows/address_names.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/unit/daemon/flows/flow_builder.h"

namespace packetsentry::flows {
namespace {

base::Address numbered(std::uint32_t number) {
    std::array<std::byte, 4> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes.at(i) = static_cast<std::byte>(number >> 8 * i);
    return base::Address::from(bytes);
}

struct NamesOfAddresses : testing::Test {
    void make(std::size_t room, AddressNames::Limits limits) {
        names.reset();
        pool = std::make_unique<NamePool>(room, 7);
        names = std::make_unique<AddressNames>(limits, *pool, 7);
    }
    void learn(const base::Address& address, std::string_view name,
               NameSource source = NameSource::dns) const {
        const NamePool::Id taken = pool->take(name);
        names->learn(address, taken, source);
        if (taken != NamePool::kNone) pool->release(taken);
    }
    [[nodiscard]] std::string found(const base::Address& address) const {
        const NamePool::Id name = names->find(address).name;
        return name == NamePool::kNone ? "" : std::string(pool->text(name));
    }

    std::unique_ptr<NamePool> pool;
    std::unique_ptr<AddressNames> names;  // in the pool
};

TEST_F(NamesOfAddresses, HasTheNewestName) {
    make(100'000, {});
    EXPECT_EQ(found(kServer.address), "");
    learn(kServer.address, "old.example");
    learn(kServer.address, "new.example");
    learn(kClient.address, "new.example");
    EXPECT_EQ(found(kServer.address), "new.example");
    EXPECT_EQ(found(kClient.address), "new.example");
    EXPECT_EQ(names->size(), 2U);
    EXPECT_EQ(pool->bytes(), NamePool::bytes_of(11)) << "a name is stored once, and the old one is forgotten";
}

TEST_F(NamesOfAddresses, TellsWhereTheNewestNameWasSeen) {
    make(100'000, {});
    learn(kServer.address, "www.example", NameSource::http);
    EXPECT_EQ(names->find(kServer.address).source, NameSource::http);
    learn(kServer.address, "www.example", NameSource::tls);
    EXPECT_EQ(names->find(kServer.address).source, NameSource::tls) << "the name is the same";
    learn(kServer.address, "shop.example", NameSource::http);
    EXPECT_EQ(names->find(kServer.address).source, NameSource::http);
    EXPECT_EQ(names->oldest().source, NameSource::http);
    EXPECT_EQ(names->find(kClient.address).name, NamePool::kNone);
}

TEST_F(NamesOfAddresses, ForgetsWhoWasNamedLongestAgo) {
    make(100'000, {.addresses = 3});
    for (const std::uint32_t host : {1U, 2U, 3U, 1U, 4U}) learn(numbered(host), "host.example");
    EXPECT_EQ(names->size(), 3U);
    EXPECT_EQ(found(numbered(2)), "");
    for (const std::uint32_t host : {1U, 3U, 4U}) EXPECT_EQ(found(numbered(host)), "host.example") << host;
}

TEST_F(NamesOfAddresses, ForgetsAnAddressWhoseNewNameHasNoRoom) {
    make(NamePool::bytes_of(20), {});
    learn(kServer.address, "old.example");
    learn(kServer.address, "one.that.is.longer.than.there.is.room.for.example");
    EXPECT_EQ(found(kServer.address), "");
    EXPECT_EQ(pool->bytes(), 0U);
}

// A million answers that name a million addresses, each by a name of its own.
TEST_F(NamesOfAddresses, IsBounded) {
    constexpr AddressNames::Limits kLimits;
    make(16 * 1024 * 1024, kLimits);
    for (std::uint32_t host = 0; host < 1'000'000; ++host) {
        learn(numbered(host), std::to_string(host) + ".example");
        if (host % 10'000 != 0) continue;
        ASSERT_LE(names->size(), kLimits.addresses);
        ASSERT_LE(pool->bytes(), kLimits.name_bytes);
    }
    EXPECT_EQ(found(numbered(999'999)), "999999.example");
    EXPECT_EQ(found(numbered(0)), "");
    for (std::uint32_t host = 0; host < 1'000'000; ++host) learn(numbered(host), "one.example");
    EXPECT_LE(names->size(), kLimits.addresses);
    EXPECT_LE(names->name_bytes(), kLimits.name_bytes);
    EXPECT_GE(names->name_bytes(), kLimits.name_bytes - NamePool::bytes_of(11));
    EXPECT_EQ(pool->bytes(), NamePool::bytes_of(11));
}

}  // namespace
}  // namespace packetsentry::flows
