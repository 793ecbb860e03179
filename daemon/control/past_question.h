// A question about the past that a worker answers: hands over segments until the worker has ended, and ends
// it when its client is gone, when it takes too long, and when the policy no longer allows what it has
// allowed.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/control/kept_scope.h"
#include "daemon/control/session.h"
#include "daemon/spool/housekeeping/housekeeping.h"
#include "daemon/workers/question_worker.h"

namespace packetsentry::control {

class PastQuestion {
  public:
    // A removed segment takes space on the disk as long as a question reads it.
    static constexpr std::chrono::seconds kRemovedLimit{60};

    // A question has at most so many segments repaired.
    static constexpr std::uint32_t kDamagedLimit = 16;

    struct Asked {
        bool reversed = false;      // the newest segments come first
        bool with_packets = false;  // the user asks for them, and may have them
        bool holds_all = false;     // the worker has each segment open until its end
        bool twice = false;         // the worker may ask for all segments once more
    };
    // Tells whether the policy still allows what it has allowed.
    using Recheck = std::function<bool()>;

    // policy_changes: when it was asked.
    PastQuestion(std::shared_ptr<Session> session, std::shared_ptr<spool::Housekeeping> spool,
                 KeptScope scope, std::unique_ptr<workers::QuestionWorker> worker, const Asked& asked,
                 Recheck recheck, std::uint64_t policy_changes);

    // Both go on until the question is over.
    [[nodiscard]] boost::asio::awaitable<void> serve();
    [[nodiscard]] boost::asio::awaitable<void> watch();

  private:
    using Hold = std::shared_ptr<const spool::SegmentHold>;

    [[nodiscard]] bool may_go_on();
    [[nodiscard]] bool holds_removed() const;
    void end(base::ErrorCode code, const char* why);
    [[nodiscard]] boost::asio::awaitable<void> hand_over(workers::QuestionWorker::Wish wish);
    // Has rows made again that could not be read.
    void tell_damaged();
    [[nodiscard]] bool was_sent(std::uint64_t job, std::uint64_t counter) const;
    void send(const SegmentPlace& place, spool::ReadableSegment& opened, std::uint32_t stream);
    void send_trouble(const SegmentPlace& place, const std::string& why);

    std::shared_ptr<Session> session_;
    std::shared_ptr<spool::Housekeeping> spool_;
    std::vector<std::vector<SegmentPlace>> streams_;
    std::array<std::size_t, kStreamsOfQuestion> next_{};
    std::unique_ptr<workers::QuestionWorker> worker_;
    Asked asked_;
    Recheck recheck_;
    std::uint64_t policy_changes_;  // when it was asked last
    std::chrono::steady_clock::time_point last_wish_;
    // What the worker has open: the latest segment of each stream, or all of them.
    std::array<std::vector<Hold>, kStreamsOfQuestion> held_{};
    std::uint32_t damaged_left_ = kDamagedLimit;
    bool over_ = false;
};

}  // namespace packetsentry::control
