// Keeps the latest losses of a job, each with its times and its number of packets, and counts all of them.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "proto/messages/capture.pb.h"

namespace packetsentry::jobs {

class Losses {
  public:
    static constexpr std::size_t kKept = 32;

    // Adds a loss between two reports. If it directly follows the last loss with the same cause, it becomes
    // part of that one.
    void add(wire::Loss loss);
    // Begins a loss whose end is not known yet. Does nothing if a loss with this cause is already open.
    void open(wire::Loss::Cause cause, std::int64_t from_ns);
    // Ends the open loss with this cause. Does nothing if none is open. at_most: the upper limit of lost
    // packets, if it is known.
    void close(wire::Loss::Cause cause, std::int64_t to_ns, std::optional<std::uint64_t> at_most);
    void close_all(std::int64_t to_ns);
    // Restores a loss of a job that ran before the daemon was restarted.
    void restore(const wire::Loss& loss) { kept_.push_back(loss); }
    void restore_count(std::uint64_t count) { count_ = count; }

    [[nodiscard]] const std::deque<wire::Loss>& kept() const { return kept_; }
    [[nodiscard]] std::uint64_t count() const { return count_; }

  private:
    [[nodiscard]] wire::Loss* open_one(wire::Loss::Cause cause);

    std::deque<wire::Loss> kept_;
    std::uint64_t count_ = 0;
};

}  // namespace packetsentry::jobs
