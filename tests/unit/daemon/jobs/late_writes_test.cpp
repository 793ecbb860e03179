#include "daemon/jobs/late_writes.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "tests/support/temporary_directory.h"

namespace packetsentry::jobs {
namespace {

using namespace std::chrono_literals;

struct LateWritesTest : testing::Test {
    void SetUp() override {
        auto opened = base::StateDirectory::open(directory.path() + "/state", ::geteuid(), ::getegid());
        ASSERT_TRUE(opened) << opened.error().message;
        state = std::move(*opened);
        late.emplace(state);
    }
    [[nodiscard]] std::string content() const { return state.read_file("12", 100)->value_or("none"); }
    [[nodiscard]] bool becomes(const std::string& expected) const {
        for (int i = 0; i < 1000 && content() != expected; ++i) std::this_thread::sleep_for(10ms);
        return content() == expected;
    }

    test::TemporaryDirectory directory;
    base::StateDirectory state;
    std::optional<LateWrites> late;
};

TEST_F(LateWritesTest, WriteWhatWasAskedLast) {
    for (int i = 0; i < 100; ++i) late->replace("12", std::to_string(i));
    late->touch("12");
    EXPECT_TRUE(becomes("99"));
    EXPECT_FALSE(late->take_error());
}

TEST_F(LateWritesTest, NothingOlderComesAfterWhatIsDoneAtOnce) {
    for (int i = 0; i < 200; ++i) {
        late->replace("12", "late");
        late->touch("12");
        if (i % 3 == 0) std::this_thread::sleep_for(1ms);
        late->at_once("12", [this] { state.remove("12"); });
        ASSERT_EQ(content(), "none");
    }
    std::this_thread::sleep_for(50ms);
    EXPECT_EQ(content(), "none");
}

TEST_F(LateWritesTest, TellAFailureOnce) {
    std::filesystem::remove_all(directory.path() + "/state");
    late->replace("12", "late");
    std::optional<base::Error> error;
    for (int i = 0; i < 1000 && !error; ++i) {
        std::this_thread::sleep_for(10ms);
        error = late->take_error();
    }
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, base::ErrorCode::file);
    EXPECT_FALSE(late->take_error());
}

}  // namespace
}  // namespace packetsentry::jobs
