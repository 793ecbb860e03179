#include "daemon/record/address_dictionary.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace packetsentry::record {
namespace {

base::Address address(std::string_view bytes) {
    return base::Address::from(std::as_bytes(std::span(bytes)));
}

base::Address ipv4(std::uint32_t number) {
    std::array<std::byte, 4> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(number >> (8 * i));
    return base::Address::from(bytes);
}

TEST(AddressDictionary, HasEachAddressOnce) {
    AddressDictionary dictionary;
    std::string bytes, sizes;
    // They begin alike.
    const std::array all = {address("abcd"), address("abcdef"), address("abcdefghijklmnop"), address("abce")};
    for (int round = 0; round < 2; ++round)
        for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(dictionary.slot(all[i], bytes, sizes), i + 1);
    EXPECT_EQ(dictionary.slot({}, bytes, sizes), 0U);
    EXPECT_EQ(bytes, "abcdabcdefabcdefghijklmnopabce");
    EXPECT_EQ(sizes, "\x04\x06\x10\x04");
}

// Zeros behind the size are no part of an address.
TEST(AddressDictionary, TellsSizesApart) {
    AddressDictionary dictionary;
    std::string bytes, sizes;
    const std::string zeros(16, '\0');
    for (const std::size_t size : {4U, 6U, 16U, 6U, 4U, 16U})
        (void)dictionary.slot(address(std::string_view(zeros).substr(0, size)), bytes, sizes);
    EXPECT_EQ(sizes, "\x04\x06\x10");
}

TEST(AddressDictionary, HasRoomForAsManyAsItSays) {
    AddressDictionary dictionary;
    std::string bytes, sizes;
    for (int round = 0; round < 2; ++round)
        for (std::uint32_t i = 0; i < AddressDictionary::kLimit; ++i)
            ASSERT_EQ(dictionary.slot(ipv4(i * 0x10001), bytes, sizes), i + 1);
    EXPECT_EQ(bytes.size(), 4 * AddressDictionary::kLimit);
}

// An address of a batch long ago is not taken for one of this batch.
TEST(AddressDictionary, ForgetsAllWhenItIsCleared) {
    AddressDictionary dictionary;
    for (std::uint32_t batch = 0; batch < 70'000; ++batch) {
        std::string bytes, sizes;
        ASSERT_EQ(dictionary.slot(ipv4(batch % 3), bytes, sizes), 1U);
        ASSERT_EQ(dictionary.slot(ipv4(batch % 7 + 3), bytes, sizes), 2U);
        dictionary.clear();
    }
}

}  // namespace
}  // namespace packetsentry::record
