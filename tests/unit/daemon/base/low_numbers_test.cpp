#include "daemon/base/low_numbers.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <iostream>
#include <memory>

namespace packetsentry::base {
namespace {

UniqueFd new_file() {
    return UniqueFd(::memfd_create("file", MFD_CLOEXEC));
}

bool same_file(int a, int b) {
    struct stat one {};
    struct stat other {};
    return ::fstat(a, &one) == 0 && ::fstat(b, &other) == 0 && one.st_ino == other.st_ino;
}

// What is reserved stays so: for a process of its own, and a new one, as a fork() of this one would have the
// locks of its threads and not the threads.
class LowNumbersDeathTest : public testing::Test {
  protected:
    void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

// What was wrong is in standard error, which the parent shows; there the framework itself is silent.
[[noreturn]] void end_with_verdict() {
    const testing::TestResult& result = *testing::UnitTest::GetInstance()->current_test_info()->result();
    for (int i = 0; i < result.total_part_count(); ++i) {
        const testing::TestPartResult& part = result.GetTestPartResult(i);
        std::cerr << part.file_name() << ':' << part.line_number() << ": " << part.message() << '\n';
    }
    ::_exit(testing::Test::HasFailure() ? 1 : 0);
}

void expect_free_for_nobody() {
    ASSERT_TRUE(reserve_low_numbers());
    const UniqueFd first = new_file();
    const UniqueFd second = new_file();
    EXPECT_EQ(first.get(), kLowNumbers);
    EXPECT_EQ(second.get(), kLowNumbers + 1);
}

TEST_F(LowNumbersDeathTest, AreFreeForNobodyOnceReserved) {
    EXPECT_EXIT((expect_free_for_nobody(), end_with_verdict()), testing::ExitedWithCode(0), "");
}

void expect_one_for_its_time() {
    ASSERT_TRUE(reserve_low_numbers());
    const UniqueFd file = new_file();
    int number = -1;
    for (int i = 0; i < 2; ++i) {
        const LowDuplicate low(file.get());
        number = low.get();
        EXPECT_GT(number, 3);
        EXPECT_LT(number, kLowNumbers);
        EXPECT_TRUE(same_file(number, file.get()));
        EXPECT_EQ(::fcntl(number, F_GETFD), FD_CLOEXEC);
    }
    EXPECT_FALSE(same_file(number, file.get()));
    EXPECT_EQ(new_file().get(), kLowNumbers + 1);
}

TEST_F(LowNumbersDeathTest, ADuplicateHasOneForItsTime) {
    EXPECT_EXIT((expect_one_for_its_time(), end_with_verdict()), testing::ExitedWithCode(0), "");
}

TEST(LowNumbers, ADuplicateHasTheLowestWhereNoneIsReserved) {
    const UniqueFd file = new_file();
    int number = -1;
    {
        const LowDuplicate low(file.get());
        number = low.get();
        EXPECT_GT(number, 3);
        EXPECT_TRUE(same_file(number, file.get()));
    }
    EXPECT_LT(::fcntl(number, F_GETFD), 0);
}

TEST(LowNumbers, WhatHasOneIsMovedUp) {
    UniqueFd file = new_file();
    const int low = file.get();
    const auto count = std::make_shared<std::atomic<std::uint32_t>>(0);
    count_until_closed(low, count);
    ASSERT_LT(low, kLowNumbers);
    ASSERT_TRUE(move_up(file));
    const int high = file.get();
    EXPECT_GE(high, kLowNumbers);
    EXPECT_EQ(::fcntl(high, F_GETFD), FD_CLOEXEC);
    EXPECT_LT(::fcntl(low, F_GETFD), 0);
    EXPECT_EQ(count_of(high), count);
    ASSERT_TRUE(move_up(file));
    EXPECT_EQ(file.get(), high);
    UniqueFd none;
    EXPECT_TRUE(move_up(none));
}

}  // namespace
}  // namespace packetsentry::base
