// A worker that answers a question about the past (daemon/worker/answering.h), as the control process has it:
// it asks for segments, and says when it is done. What it finds goes to the client, through a pipe.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/loop/async_channel.h"
#include "daemon/loop/timer.h"
#include "daemon/workers/child.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::workers {

// It is killed when this object is destroyed, and if it does anything wrong.
class QuestionWorker {
  public:
    // pipe: for the answer. output: -1 if no packets are saved. Both stay the caller's. place: held until the
    // process has ended. Error (internal): no process could be started.
    [[nodiscard]] static base::Result<std::unique_ptr<QuestionWorker>> start(
        const boost::asio::any_io_executor& executor, const std::string& path, const wire::Ask& ask, int pipe,
        int output, std::shared_ptr<const void> place);
    QuestionWorker(const boost::asio::any_io_executor& executor, base::UniqueFd link, pid_t pid,
                   std::uint32_t streams);

    // Returns when it has understood the question. Errors: the worker's (filter, usage, internal).
    [[nodiscard]] boost::asio::awaitable<base::Result<void>> ready();

    struct Done {};
    // The next segment of a stream, or the first one once more.
    struct Segment {
        std::uint32_t stream = 0;
        bool again = false;
    };
    using Wish = std::variant<Segment, Done>;  // Done: it has ended
    // It may ask for the segments of each stream a second time.
    void allow_again() { may_ask_again_.assign(streams_, true); }
    // Call it after ready(), and each time when the wish before was fulfilled. Error (internal): it has died,
    // or broken its protocol.
    [[nodiscard]] boost::asio::awaitable<base::Result<Wish>> next();

    // Returns once which segment it could not read as a whole: its job and its counter. Whoever asks makes
    // sure that it was sent this segment.
    [[nodiscard]] std::optional<std::pair<std::uint64_t, std::uint64_t>> take_damaged() {
        return std::exchange(damaged_, std::nullopt);
    }

    // descriptors: those of the files, in their order; they stay the caller's. If they cannot be sent, the
    // worker is ended.
    void send(const wire::SegmentToRead& segment, std::span<const int> descriptors);

    // Ends it at once, whatever it is doing; next() then returns an error.
    void kill();
    // After an error of next(): it has ended because of kill(), and not by itself.
    [[nodiscard]] bool was_killed() const { return was_killed_; }

  private:
    [[nodiscard]] boost::asio::awaitable<base::Result<wire::FromWorker>> receive();
    [[nodiscard]] bool may_want(const wire::WantSegment& want) const;

    std::shared_ptr<loop::AsyncChannel> link_;
    Child child_;
    loop::Timer deadline_;
    std::uint32_t streams_;
    std::vector<bool> at_end_;  // streams of which it was told that there is no further segment
    std::vector<bool> may_ask_again_;
    bool to_be_killed_ = false;
    bool was_killed_ = false;
    std::uint32_t asked_ = 0;  // the stream of the last wish
    std::optional<std::pair<std::uint64_t, std::uint64_t>> damaged_;
};

}  // namespace packetsentry::workers
