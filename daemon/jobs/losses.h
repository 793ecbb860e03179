// The gaps of a job: dated and counted, the latest of them kept.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "proto/capture.pb.h"

namespace packetsentry::jobs {

class Losses {
  public:
    static constexpr std::size_t kKept = 32;

    // What was lost between two looks. One that follows hard upon the last, for the same cause, is part
    // of it.
    void add(wire::Loss loss);
    // One whose end is not known yet; of each cause one at a time. Where it is open already: no-op.
    void open(wire::Loss::Cause cause, std::int64_t from_ns);
    // packets: at most so many. Where none of that cause is open: no-op.
    void close(wire::Loss::Cause cause, std::int64_t to_ns, std::optional<std::uint64_t> at_most);
    void close_all(std::int64_t to_ns);
    // Of a job of before.
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
