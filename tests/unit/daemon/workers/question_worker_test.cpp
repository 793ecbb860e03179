// What a worker that answers a question may ask for, and what a worker that was taken over may not.
#include "daemon/workers/question_worker.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <string>

#include "daemon/base/unique_fd.h"

namespace packetsentry::workers {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kTwoStreams = 2;

// A digit for each segment that was asked for, with a dot where it was the first once more; then "done", or
// "error". Each stream has the segments that are given, which have no files.
boost::asio::awaitable<void> serve(QuestionWorker& worker, std::size_t segments, std::string& asked) {
    std::array<std::size_t, kTwoStreams> given{};
    const auto ready = co_await worker.ready();
    bool open = ready.has_value();
    if (!open) asked = "not ready";
    while (open) {
        auto wish = co_await worker.next();
        const auto* const segment = wish ? std::get_if<QuestionWorker::Segment>(&*wish) : nullptr;
        if (segment == nullptr) {
            asked += wish ? "done" : "error";
            open = false;
            continue;
        }
        asked += std::to_string(segment->stream) + (segment->again ? "." : "");
        if (segment->again) given[segment->stream] = 0;
        wire::SegmentToRead message;
        message.set_none(given[segment->stream]++ == segments);
        message.set_trouble("there is none");
        worker.send(message, {});
    }
}

std::string asked_by(const std::string& wishes, std::size_t segments, bool again_allowed) {
    std::array<int, 2> pipe{};
    EXPECT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
    const base::UniqueFd reading(pipe[0]), writing(pipe[1]);
    boost::asio::io_context loop;
    wire::Ask ask;
    ask.mutable_question()->set_name_pattern(wishes);
    ask.set_streams(kTwoStreams);
    auto worker = QuestionWorker::start(loop.get_executor(), FAKE_WORKER, ask, writing.get(), -1, nullptr);
    if (!worker) return worker.error().message;
    if (again_allowed) (*worker)->allow_again();
    std::string asked;
    boost::asio::co_spawn(loop, serve(**worker, segments, asked), [&](const std::exception_ptr& error) {
        worker->reset();
        if (error) std::rethrow_exception(error);
    });
    loop.run_for(20s);
    EXPECT_TRUE(loop.stopped()) << "something still runs";
    return asked;
}

TEST(QuestionWorker, AsksForOneSegmentAfterTheOther) {
    EXPECT_EQ(asked_by("0011", 1, false), "0011done");
}

TEST(QuestionWorker, MayNotAskForWhatThereIsNot) {
    EXPECT_EQ(asked_by("02", 1, false), "0error") << "there is no third stream";
    EXPECT_EQ(asked_by("000", 1, false), "00error") << "it was told that there is no further segment";
}

TEST(QuestionWorker, MayBeginAgainOnceWhereThatIsAllowed) {
    EXPECT_EQ(asked_by("000.01.1", 1, true), "000.01.1done");
    EXPECT_EQ(asked_by("00.0.", 1, true), "00.error") << "once, and not twice";
    EXPECT_EQ(asked_by("00.", 1, false), "0error");
}

}  // namespace
}  // namespace packetsentry::workers
