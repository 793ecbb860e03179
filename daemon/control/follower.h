// Streams one job to one client: rows, gaps, notices, counts, and the end.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>

#include "daemon/base/result.h"
#include "daemon/jobs/job.h"
#include "daemon/loop/sleeper.h"
#include "daemon/stream/window_cursor.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::control {

class Session;

// Reads from the job's window only when the client has room. So a slow client loses rows, which it is told as
// gaps, and delays nobody else.
class Follower {
  public:
    // asked: its table must be a known one.
    Follower(std::shared_ptr<Session> session, std::shared_ptr<jobs::Job> job, std::uint64_t id,
             const wire::Follow& asked);
    ~Follower();
    Follower(const Follower&) = delete;
    Follower& operator=(const Follower&) = delete;

    // Returns when the job is over and everything has been sent, when the policy no longer allows the client
    // to follow the job, or when the session is closed.
    [[nodiscard]] boost::asio::awaitable<void> run();

  private:
    enum class Step { sent, nothing_new, end };
    [[nodiscard]] Step step();
    [[nodiscard]] bool send_rows();
    [[nodiscard]] bool send_notice();
    [[nodiscard]] bool send_update();
    [[nodiscard]] bool send_want_output();
    void send(wire::StreamItem item);
    [[nodiscard]] bool at_end() const;
    [[nodiscard]] base::Result<void> check_policy();
    [[nodiscard]] const stream::Window& window() const { return job_->window(table_); }
    [[nodiscard]] std::uint64_t first_row() const;
    // Error (unreachable): the daemon is being stopped, and the job with it.
    [[nodiscard]] base::Result<void> ended_by_itself() const;
    void send_end(const base::Result<void>& outcome);

    std::shared_ptr<Session> session_;
    std::shared_ptr<jobs::Job> job_;
    std::uint64_t id_;
    wire::Table table_;
    stream::Cursor cursor_;
    std::uint64_t past_end_;      // the first row that was not there when this began
    std::uint64_t end_sequence_;  // with kept_only: the first row no longer wanted; else none
    std::uint64_t next_notice_;
    std::uint64_t output_wanted_;  // the last file of which the client knows
    // The numbers of policy changes and of verdicts on the job at the time when the peer's right to follow
    // was checked last.
    std::uint64_t policy_changes_;
    std::uint64_t verdicts_taken_;
    std::chrono::steady_clock::time_point next_update_;
    loop::Sleeper sleeper_;  // woken by new rows, and by room in the session
};

}  // namespace packetsentry::control
