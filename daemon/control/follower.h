// One followed job, streamed to one client: rows, gaps, notices, counts, and the end.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>

#include "daemon/jobs/job.h"
#include "daemon/stream/cursor.h"
#include "daemon/stream/wake.h"
#include "proto/control.pb.h"

namespace packetsentry::control {

class Session;

// Takes from the job's window when the client has room, so that a slow client costs itself rows, told
// as gaps, and nobody anything else.
class Follower {
  public:
    Follower(std::shared_ptr<Session> session, std::shared_ptr<jobs::Job> job, std::uint64_t id,
             std::uint64_t from_sequence, bool kept_only);
    ~Follower();
    Follower(const Follower&) = delete;
    Follower& operator=(const Follower&) = delete;

    // Until the job is over and all is sent, or the session is closed.
    [[nodiscard]] boost::asio::awaitable<void> run();

  private:
    enum class Step { sent, nothing_new, end };
    [[nodiscard]] Step step();
    [[nodiscard]] bool send_rows();
    [[nodiscard]] bool send_notice();
    [[nodiscard]] bool send_update();
    void send(wire::StreamItem item);
    [[nodiscard]] bool at_end() const;

    std::shared_ptr<Session> session_;
    std::shared_ptr<jobs::Job> job_;
    std::uint64_t id_;
    stream::Cursor cursor_;
    std::uint64_t end_sequence_;  // with kept_only: the first row no longer wanted; else none
    std::uint64_t next_notice_;
    std::chrono::steady_clock::time_point next_update_;
    stream::Wake wake_;
};

}  // namespace packetsentry::control
