#include "daemon/control/user_database.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <mutex>

namespace packetsentry::control {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// A database that says what it is told to.
struct Answers {
    std::mutex mutex;
    std::map<uid_t, base::Identity> users;
    bool fails = false;
    int asked = 0;

    base::Result<base::Identity> operator()(uid_t user) {
        const std::lock_guard lock(mutex);
        ++asked;
        if (fails) return base::fail(base::ErrorCode::internal, "cannot look it up: Input/output error");
        return users[user];
    }
};

struct UserDatabaseTest : testing::Test {
    UserDatabaseTest() { answers->users[1000] = {.known = true, .name = "alice", .groups = {1000, 27}}; }
    void look_up(uid_t user, std::chrono::milliseconds max_age = 0ms) {
        asio::co_spawn(loop, users.look_up(user, max_age), [](const std::exception_ptr& error) {
            if (error) std::rethrow_exception(error);
        });
        loop.restart();
        loop.run_for(10s);
    }
    std::shared_ptr<Answers> answers = std::make_shared<Answers>();
    asio::io_context loop{1};
    UserDatabase users{loop.get_executor(), [answers = answers](uid_t user) { return (*answers)(user); }};
};

TEST_F(UserDatabaseTest, KeepsWhatItWasTold) {
    EXPECT_EQ(users.known(1000), nullptr);
    look_up(1000);
    ASSERT_NE(users.known(1000), nullptr);
    EXPECT_EQ(users.known(1000)->name, "alice");
    EXPECT_TRUE(users.is_fresh(1000, UserDatabase::Time::clock::now()));
    look_up(1000, 60s);
    EXPECT_EQ(answers->asked, 1) << "it is fresh";
    look_up(1000);
    EXPECT_EQ(answers->asked, 2);
}

TEST_F(UserDatabaseTest, TakesUpWhatChanges) {
    look_up(1000);
    answers->users[1000].groups = {1000};
    look_up(1000);
    EXPECT_EQ(users.known(1000)->groups, std::vector<gid_t>{1000});
}

TEST_F(UserDatabaseTest, WhatItSaidBeforeStandsWhileItDoesNotAnswer) {
    look_up(1000);
    answers->fails = true;
    look_up(1000);
    EXPECT_TRUE(users.silent());
    EXPECT_EQ(users.known(1000)->name, "alice");
    look_up(1001);
    EXPECT_EQ(users.known(1001), nullptr);
    answers->fails = false;
    look_up(1001);
    EXPECT_FALSE(users.silent());
    ASSERT_NE(users.known(1001), nullptr);
    EXPECT_FALSE(users.known(1001)->known);
}

// A service that is down often says that there is no such user.
TEST_F(UserDatabaseTest, WhoIsNotFoundAnyMoreIsGoneAfterAWhile) {
    const auto now = [] { return UserDatabase::Time::clock::now(); };
    look_up(1000);
    answers->users[1000] = {};
    look_up(1000);
    look_up(1000);
    EXPECT_TRUE(users.known(1000)->known);
    EXPECT_TRUE(users.settled(1000, now())->known);
    look_up(1001);
    EXPECT_FALSE(users.known(1001)->known) << "never known, and so in nobody's name";
    EXPECT_EQ(users.settled(1001, now()), nullptr) << "a job of before is not ended for it yet";
    ASSERT_NE(users.settled(1001, now() + UserDatabase::kMissing), nullptr);
    EXPECT_FALSE(users.settled(1001, now() + UserDatabase::kMissing)->known);
}

// Somebody with subordinate ids comes as all of them.
TEST_F(UserDatabaseTest, IdsThatItDoesNotKnowPushOutOnlyEachOther) {
    look_up(1000);
    for (uid_t user = 100000; user < 100000 + UserDatabase::kKeptUnknown + 8; ++user) look_up(user);
    EXPECT_EQ(users.known(100000), nullptr);
    EXPECT_NE(users.known(100000 + UserDatabase::kKeptUnknown), nullptr);
    EXPECT_NE(users.known(1000), nullptr);
    answers->users[1001] = {.known = true, .name = "bob", .groups = {1001}};
    look_up(1001);
    EXPECT_NE(users.known(1001), nullptr);
}

TEST_F(UserDatabaseTest, HoweverManyWaitItIsAskedOnce) {
    for (int i = 0; i < 5; ++i) asio::co_spawn(loop, users.look_up(1000, 0ms), asio::detached);
    loop.run_for(10s);
    EXPECT_EQ(answers->asked, 1);
    EXPECT_NE(users.known(1000), nullptr);
}

TEST_F(UserDatabaseTest, ForgetsThoseWhoHaveNothingHere) {
    look_up(1000);
    look_up(1001);
    users.trim({1000}, UserDatabase::Time::clock::now());
    EXPECT_NE(users.known(1001), nullptr) << "it is fresh";
    users.trim({1000}, UserDatabase::Time::clock::now() + 2 * UserDatabase::kFresh);
    EXPECT_NE(users.known(1000), nullptr);
    EXPECT_EQ(users.known(1001), nullptr);
}

}  // namespace
}  // namespace packetsentry::control
