#include "daemon/base/low_numbers.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/in_child.h"

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

// What is reserved stays so.
template <typename Checks>
void expect_in_child(Checks checks) {
    EXPECT_EQ(test::in_child([&] {
                  checks();
                  return testing::Test::HasFailure() ? std::string("told above\n") : std::string();
              }),
              "");
}

TEST(LowNumbers, AreFreeForNobodyOnceReserved) {
    expect_in_child([] {
        ASSERT_TRUE(reserve_low_numbers());
        const UniqueFd first = new_file();
        const UniqueFd second = new_file();
        EXPECT_EQ(first.get(), kLowNumbers);
        EXPECT_EQ(second.get(), kLowNumbers + 1);
    });
}

TEST(LowNumbers, ADuplicateHasOneForItsTime) {
    expect_in_child([] {
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
    });
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
    ASSERT_LT(low, kLowNumbers);
    ASSERT_TRUE(move_up(file));
    const int high = file.get();
    EXPECT_GE(high, kLowNumbers);
    EXPECT_EQ(::fcntl(high, F_GETFD), FD_CLOEXEC);
    EXPECT_LT(::fcntl(low, F_GETFD), 0);
    ASSERT_TRUE(move_up(file));
    EXPECT_EQ(file.get(), high);
    UniqueFd none;
    EXPECT_TRUE(move_up(none));
}

}  // namespace
}  // namespace packetsentry::base
