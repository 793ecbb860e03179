#include "daemon/worker/answer_pipe.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>
#include <string>

namespace packetsentry::worker {
namespace {

class AnswerPipeTest : public testing::Test {
  protected:
    AnswerPipeTest() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) throw std::runtime_error("there is no pipe");
        reading_ = base::UniqueFd(ends[0]);
        (void)::fcntl(ends[0], F_SETPIPE_SZ, 256 * 1024);
        pipe_ = AnswerPipe(base::UniqueFd(ends[1]));
    }

    [[nodiscard]] static wire::Answer answer_of(std::size_t bytes) {
        wire::Answer answer;
        answer.mutable_rows()->set_batch(std::string(bytes, 'x'));
        return answer;
    }
    // What has been written since the last call.
    std::string written() {
        std::string bytes(256 * 1024, '\0');
        const ssize_t got = ::read(reading_.get(), bytes.data(), bytes.size());
        bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        return bytes;
    }

    base::UniqueFd reading_;
    AnswerPipe pipe_;
};

std::string frame_of(const wire::Answer& answer) {
    const std::string bytes = answer.SerializeAsString();
    std::string frame;
    for (unsigned i = 0; i < 4; ++i) frame.push_back(static_cast<char>(bytes.size() >> (8 * i)));
    return frame + bytes;
}

TEST_F(AnswerPipeTest, WritesFramesTogether) {
    const wire::Answer first = answer_of(10), second = answer_of(300);
    ASSERT_TRUE(pipe_.add(first));
    EXPECT_EQ(written(), "");
    ASSERT_TRUE(pipe_.send(second));
    EXPECT_EQ(written(), frame_of(first) + frame_of(second));
    ASSERT_TRUE(pipe_.flush());
    EXPECT_EQ(written(), "");
}

TEST_F(AnswerPipeTest, KeepsFewBytesWaiting) {
    const wire::Answer large = answer_of(100'000);
    ASSERT_TRUE(pipe_.add(large));
    EXPECT_EQ(written(), frame_of(large));
}

TEST_F(AnswerPipeTest, TellsThatNobodyReads) {
    (void)std::signal(SIGPIPE, SIG_IGN);
    reading_.reset();
    ASSERT_TRUE(pipe_.add(answer_of(1)));
    const auto flushed = pipe_.flush();
    ASSERT_FALSE(flushed);
    EXPECT_EQ(flushed.error().code, base::ErrorCode::unreachable);
}

}  // namespace
}  // namespace packetsentry::worker
