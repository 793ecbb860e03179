// A job's recent rows, as the sealed batches they came in: bounded in bytes, the oldest go first, and
// what goes is counted.
//
// This is all there is for slow readers: nobody waits, a reader behind the window finds a gap
// (stream/cursor.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

namespace packetsentry::stream {

// Row r has sequence first_sequence + r.
struct Sealed {
    std::uint64_t first_sequence = 0;
    std::uint32_t rows = 0;
    std::int64_t first_time_ns = 0;
    std::int64_t last_time_ns = 0;
    std::shared_ptr<const std::string> batch;  // a serialised wire::Batch, shared with whoever sends it

    [[nodiscard]] std::uint64_t end_sequence() const { return first_sequence + rows; }
};

class Window {
  public:
    // Charged for a batch besides its bytes, so that many tiny ones are bounded too.
    static constexpr std::size_t kOverhead = 256;

    // next_sequence: of the first row to come; what was before is evicted.
    explicit Window(std::uint64_t byte_limit, std::uint64_t next_sequence = 1)
        : byte_limit_(byte_limit), next_sequence_(next_sequence) {}

    // Takes the next rows; gives them their sequence. rows is not 0.
    void append(std::string batch, std::uint32_t rows, std::int64_t first_time_ns, std::int64_t last_time_ns);
    // false: empty.
    bool evict_oldest();
    void clear() {
        while (evict_oldest()) continue;
    }

    // The batch that holds sequence, else null. Valid until the next append or eviction.
    [[nodiscard]] const Sealed* find(std::uint64_t sequence) const;
    [[nodiscard]] const Sealed* oldest() const { return batches_.empty() ? nullptr : &batches_.front(); }

    // first_sequence() == next_sequence(): nothing is kept. Sequences begin at 1.
    [[nodiscard]] std::uint64_t first_sequence() const { return next_sequence_ - kept_; }
    [[nodiscard]] std::uint64_t next_sequence() const { return next_sequence_; }
    [[nodiscard]] std::uint64_t kept() const { return kept_; }  // rows
    [[nodiscard]] std::uint64_t evicted() const { return next_sequence_ - 1 - kept_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

  private:
    std::uint64_t byte_limit_;
    std::uint64_t next_sequence_;
    std::uint64_t bytes_ = 0;
    std::uint64_t kept_ = 0;
    std::deque<Sealed> batches_;
};

}  // namespace packetsentry::stream
