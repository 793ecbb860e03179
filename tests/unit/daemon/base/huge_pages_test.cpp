#include "daemon/base/huge_pages.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace packetsentry::base {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;

TEST(HugePages, LargeMemoryBeginsAtAHugePage) {
    HugeVector<std::uint64_t> numbers;
    numbers.reserve(3 * kHugePage / sizeof(std::uint64_t) + 1);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(numbers.data()) % kHugePage, 0U);
}

TEST(HugePages, VectorGrowsFromSmallToLarge) {
    HugeVector<std::uint32_t> numbers;
    for (std::uint32_t i = 0; i < 2 * kHugePage / sizeof i; ++i) numbers.push_back(i);
    std::uint32_t expected = 0;
    for (const std::uint32_t number : numbers) ASSERT_EQ(number, expected++);
}

}  // namespace
}  // namespace packetsentry::base
