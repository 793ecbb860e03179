// The losses of a job: each is dated and counted, and the latest of them are kept.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "proto/messages/capture.pb.h"

namespace packetsentry::jobs {

class Losses {
  public:
    static constexpr std::size_t kKept = 32;

    // Adds what was lost between two reports. A loss that follows hard upon the last one of the same cause
    // becomes part of that.
    void add(wire::Loss loss);
    // Begins a loss whose end is not known yet. Where a loss of this cause is open already, this does
    // nothing.
    void open(wire::Loss::Cause cause, std::int64_t from_ns);
    // Ends the open loss of this cause; where none is open, this does nothing. at_most: how many packets it
    // can have cost at most, where that is known.
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
