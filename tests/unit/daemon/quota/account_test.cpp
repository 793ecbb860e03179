#include "daemon/quota/account.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include "daemon/base/unique_fd.h"
#include "daemon/quota/accounts.h"

namespace packetsentry::quota {
namespace {

using namespace std::chrono_literals;

constexpr uid_t kAlice = 1000, kBob = 1001, kRoot = 0;
constexpr base::Pace::Time kBegin{1h};
constexpr Quota kSmall{
    .all_connections = 5, .connections = 3, .streams = 2, .requests_per_second = 10, .bytes = 1000};

TEST(Account, ConnectionsAreChargedToTheirUserAndGivenBack) {
    Accounts accounts(kSmall);
    std::vector<Charge> alice;
    for (int i = 0; i < 3; ++i) alice.push_back(accounts.connect(kAlice).value());
    const auto fourth = accounts.connect(kAlice);
    ASSERT_FALSE(fourth);
    EXPECT_EQ(fourth.error().code, base::ErrorCode::unreachable);
    EXPECT_EQ(fourth.error().message,
              "you have 3 connections to packetsentryd, which is the limit; end one of your clients");
    const auto bob = accounts.connect(kBob);
    EXPECT_TRUE(bob);
    alice.pop_back();
    EXPECT_TRUE(accounts.connect(kAlice));
    EXPECT_EQ(accounts.held(Held::connection), 3U);
}

TEST(Account, AllUsersTogetherHaveALimitThatKeepsRootOutNever) {
    Accounts accounts(kSmall);
    std::vector<Charge> charges;
    for (uid_t uid = kAlice; uid < kAlice + 5; ++uid) charges.push_back(accounts.connect(uid).value());
    EXPECT_EQ(accounts.connect(kAlice + 5).error().message,
              "packetsentryd has 5 connections, which is the limit; try again later");
    for (int i = 0; i < 10; ++i) charges.push_back(accounts.connect(kRoot).value());
    EXPECT_EQ(accounts.held(Held::connection), 15U);
}

TEST(Account, BytesOfAllChargesAddUpAndRoomIsToldOnce) {
    Accounts accounts(kSmall);
    const Charge place = accounts.connect(kAlice).value();
    Account& account = *place.account();
    int told = 0;
    const auto subscription = account.room().subscribe([&] { ++told; });
    Charge one(place.account(), Held::byte, 600);
    {
        Charge two(place.account(), Held::byte, 0);
        EXPECT_TRUE(account.has_room(Held::byte));
        two.set(400);
        EXPECT_FALSE(account.has_room(Held::byte));
        two.set(900);
        two.set(500);
        EXPECT_EQ(told, 0);
        one.set(0);
        EXPECT_EQ(told, 1);
        one.set(500);
    }
    EXPECT_EQ(told, 2);
    EXPECT_EQ(accounts.held(Held::byte), 500U);
}

TEST(Account, AChargeThatMovesIsChargedOnce) {
    Accounts accounts(kSmall);
    const Charge place = accounts.connect(kAlice).value();
    {
        Charge first(place.account(), Held::stream, 1);
        const Charge second(std::move(first));
        EXPECT_EQ(accounts.held(Held::stream), 1U);
    }
    EXPECT_EQ(accounts.held(Held::stream), 0U);
}

TEST(Account, RootIsCountedAndNotLimited) {
    Accounts accounts(kSmall);
    const Charge place = accounts.connect(kRoot).value();
    const Charge bytes(place.account(), Held::byte, 1'000'000);
    EXPECT_TRUE(place.account()->has_room(Held::byte));
    *place.account()->files() = 1000;
    EXPECT_TRUE(place.account()->may_bring_files());
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(place.account()->turn(kBegin, 10), kBegin);
}

TEST(Account, NewLimitsHoldForAccountsThatAre) {
    Accounts accounts(kSmall);
    const Charge place = accounts.connect(kAlice).value();
    Quota quota = kSmall;
    quota.connections = 1;
    accounts.set_quota(quota);
    EXPECT_FALSE(accounts.connect(kAlice));
    quota.connections = 2;
    accounts.set_quota(quota);
    EXPECT_TRUE(accounts.connect(kAlice));
}

TEST(Account, FilesAreLimitedUntilTheyAreClosed) {
    Accounts accounts({.files = 3});
    const Charge alice = accounts.connect(kAlice).value();
    const Charge bob = accounts.connect(kBob).value();
    std::vector<base::UniqueFd> files;
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(alice.account()->may_bring_files());
        files.emplace_back(::memfd_create("file", MFD_CLOEXEC));
        base::count_until_closed(files.back().get(), alice.account()->files());
    }
    const auto fourth = alice.account()->may_bring_files();
    ASSERT_FALSE(fourth);
    EXPECT_EQ(fourth.error().message,
              "3 files of yours are open in packetsentryd, which is the limit; a file cannot be closed while "
              "its file system does not answer");
    EXPECT_TRUE(bob.account()->may_bring_files());
    files.pop_back();
    EXPECT_TRUE(alice.account()->may_bring_files());
}

TEST(Account, ConnectionsThatDoNotCloseAreLimitedForTheirUser) {
    Accounts accounts(kSmall);
    std::vector<base::UniqueFd> ended;
    for (int i = 0; i < 3 + 16 + 1; ++i) {
        EXPECT_TRUE(accounts.connect(kAlice));
        ended.emplace_back(::memfd_create("socket", MFD_CLOEXEC));
        base::count_until_closed(ended.back().get(), accounts.sockets(kAlice));
    }
    EXPECT_EQ(
        accounts.connect(kAlice).error().message,
        "19 ended connections of yours are still being closed, which is the limit; they wait for the file "
        "systems of the files that were sent over them");
    EXPECT_TRUE(accounts.connect(kBob));
    EXPECT_TRUE(accounts.connect(kRoot));
    EXPECT_EQ(accounts.being_closed(), 20U);
    ended.pop_back();
    EXPECT_TRUE(accounts.connect(kAlice));
}

// Who connects anew does not get his turns anew.
TEST(Account, IsRememberedUntilItHasRested) {
    Accounts accounts(kSmall);
    {
        const Charge place = accounts.connect(kAlice).value();
        (void)place.account()->turn(kBegin, 30);
        accounts.trim(kBegin + 1h);
        EXPECT_EQ(accounts.size(), 1U);
    }
    accounts.trim(kBegin + 2s);
    EXPECT_EQ(accounts.size(), 1U);
    EXPECT_EQ(accounts.connect(kAlice)->account()->turn(kBegin + 1s, 10), kBegin + 2s);
    accounts.trim(kBegin + 10s);
    EXPECT_EQ(accounts.size(), 0U);
}

}  // namespace
}  // namespace packetsentry::quota
