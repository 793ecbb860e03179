#include "daemon/redact/address_mask.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <random>
#include <string>
#include <vector>

#include "daemon/redact/special_addresses.h"
#include "tests/support/packet_builder.h"

namespace packetsentry::redact {
namespace {

using base::Address;
using test::Bytes;
using test::hex;

// 00 01 02 … 1f, and the same backwards.
const Bytes kKey = hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
const Bytes kOtherKey = hex("1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100");

AddressMask mask_with(const Bytes& key) {
    return AddressMask(std::span(key).first<AddressMask::kKeySize>());
}

Address ip(std::string_view text) {
    return base::parse_ip(text).value();
}
Address mac(std::string_view digits) {
    return Address::from(hex(digits));
}

Address random_address(std::size_t size, std::mt19937& random) {
    Address address{.size = static_cast<std::uint8_t>(size)};
    for (std::size_t i = 0; i < size; ++i) address.bytes[i] = static_cast<std::byte>(random());
    return address;
}

std::size_t common_bits(const Address& one, const Address& other) {
    std::size_t bits = 0;
    for (std::size_t i = 0; i < one.size; ++i, bits += 8) {
        const auto differing = std::to_integer<std::uint8_t>(one.bytes[i] ^ other.bytes[i]);
        if (differing != 0) return bits + static_cast<std::size_t>(std::countl_zero(differing));
    }
    return bits;
}

TEST(AddressMask, KnownAnswers) {
    AddressMask mask = mask_with(kKey);
    const std::pair<Address, std::string_view> cases[] = {
        {ip("8.8.8.8"), "8.155.194.255"},
        {ip("192.168.1.100"), "192.168.113.60"},
        {ip("2001:db8::1"), "20a1:a151:a420:4306:b96e:8a6a:1c41:db13"},
        {ip("fe80::1"), "fe80::8823:e672:8e8:a2db"},
        {mac("02 00 00 00 00 01"), "02-8C-3A-77-82-EF"},
    };
    for (const auto& [address, masked] : cases) {
        EXPECT_EQ(to_string(mask.mask(address)), masked);
        EXPECT_EQ(to_string(mask.mask(address)), masked) << "from the cache";
    }
}

TEST(AddressMask, KeepsHowLongPrefixesAreShared) {
    std::mt19937 random(1);
    AddressMask mask = mask_with(kKey);
    for (const std::size_t size : {4U, 6U, 16U})
        for (int i = 0; i < 20'000; ++i) {
            const Address one = random_address(size, random);
            Address other = random_address(size, random);
            // As close as chance never makes them.
            std::copy_n(one.bytes.begin(), random() % (size + 1), other.bytes.begin());
            ASSERT_EQ(common_bits(one, other), common_bits(mask.mask(one), mask.mask(other)))
                << to_string(one) << " and " << to_string(other);
        }
}

TEST(AddressMask, NoTwoBecomeOne) {
    AddressMask mask = mask_with(kKey);
    for (const std::string_view network :
         {"0.0.0.0", "10.1.0.0", "198.51.0.0", "223.255.0.0", "255.255.0.0"}) {
        std::vector<std::array<std::byte, 4>> masked;
        Address address = ip(network);
        for (unsigned i = 0; i < 65536; ++i) {
            address.bytes[2] = static_cast<std::byte>(i >> 8);
            address.bytes[3] = static_cast<std::byte>(i);
            const Address other = mask.mask(address);
            ASSERT_EQ(other.size, 4U);
            std::copy_n(other.bytes.begin(), 4, masked.emplace_back().begin());
        }
        std::ranges::sort(masked);
        EXPECT_EQ(std::ranges::adjacent_find(masked), masked.end()) << network;
    }
}

TEST(AddressMask, ZerosAreWhatOnlyZerosBecome) {
    for (const Bytes& key : {kKey, kOtherKey}) {
        AddressMask mask = mask_with(key);
        for (unsigned i = 0; i < 65536; ++i) {
            Address address{.size = 4};
            address.bytes[2] = static_cast<std::byte>(i >> 8);
            address.bytes[3] = static_cast<std::byte>(i);
            const bool zero = mask.mask(address) == Address{.size = 4};
            ASSERT_EQ(zero, i == 0) << i;
        }
    }
}

TEST(AddressMask, TheKeyDecides) {
    std::mt19937 random(2);
    AddressMask one = mask_with(kKey), same = mask_with(kKey), other = mask_with(kOtherKey);
    int equal = 0;
    for (int i = 0; i < 1000; ++i) {
        const Address address = random_address(16, random);
        ASSERT_EQ(one.mask(address), same.mask(address));
        equal += one.mask(address) == other.mask(address) ? 1 : 0;
    }
    EXPECT_EQ(equal, 0);
}

// Far more addresses than the cache has room for, twice.
TEST(AddressMask, TheCacheChangesNothing) {
    AddressMask mask = mask_with(kKey);
    std::vector<Address> first;
    for (int round = 0; round < 2; ++round) {
        std::mt19937 random(3);
        for (std::size_t i = 0; i < 20'000; ++i) {
            const Address masked = mask.mask(random_address(i % 2 == 0 ? 4 : 16, random));
            if (round == 0)
                first.push_back(masked);
            else
                ASSERT_EQ(masked, first[i]);
        }
    }
}

TEST(AddressMask, WhatItIsStaysToBeSeen) {
    AddressMask mask = mask_with(kKey);
    for (const Address& same :
         {ip("0.0.0.0"), ip("255.255.255.255"), ip("127.0.0.1"), ip("127.0.0.53"), ip("224.0.0.1"),
          ip("224.0.0.251"), ip("239.255.255.250"), ip("::"), ip("::1"), ip("ff02::1"), ip("ff02::fb"),
          ip("ff02::1:2"), mac("ffffffffffff"), mac("000000000000"), mac("0180c200000e"), mac("01005e0000fb"),
          mac("3333000000fb"), mac("333300010002")})
        EXPECT_EQ(to_string(mask.mask(same)), to_string(same));
    const std::pair<Address, std::size_t> blocks[] = {
        {ip("10.200.3.4"), 8},      {ip("172.31.3.4"), 12},         {ip("192.168.3.4"), 16},
        {ip("169.254.3.4"), 16},    {ip("239.1.2.3"), 4},           {ip("fe80::1234:5678"), 64},
        {ip("fd12:3456::1"), 8},    {ip("ff02::1:ff12:3456"), 104}, {ip("ff05::1234"), 16},
        {ip("2606:4700::1111"), 3}, {mac("01005e7fffff"), 25},      {mac("3333ff123456"), 24},
        {mac("333312345678"), 16},
    };
    for (const auto& [address, kept] : blocks) {
        EXPECT_GE(common_bits(address, mask.mask(address)), kept) << to_string(address);
        EXPECT_NE(address, mask.mask(address)) << to_string(address);
    }
    std::mt19937 random(4);
    for (int i = 0; i < 1000; ++i) {
        const Address address = random_address(6, random);
        ASSERT_EQ(address.bytes[0] & std::byte{3}, mask.mask(address).bytes[0] & std::byte{3});
    }
}

TEST(AddressMask, WhatIsNoAddressIsGone) {
    AddressMask mask = mask_with(kKey);
    for (const std::size_t size : {1U, 5U, 8U}) {
        std::mt19937 random(5);
        const Address masked = mask.mask(random_address(size, random));
        EXPECT_EQ(masked.bytes, Address().bytes);
    }
    EXPECT_EQ(mask.mask(Address()), Address());
}

}  // namespace
}  // namespace packetsentry::redact
