// The recent rows of a job, in the sealed batches in which they came. Each table has a window. The windows of
// a job have one limit in bytes together; when it is exceeded, the oldest batch is discarded and its rows are
// counted.
//
// Nobody ever waits for a slow reader: if the next row of a reader has been discarded, the reader gets a gap
// (stream/window_cursor.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "proto/messages/batch.pb.h"

namespace packetsentry::stream {

// All known tables.
inline constexpr std::array kTables{wire::TABLE_PACKETS, wire::TABLE_FLOWS, wire::TABLE_DNS, wire::TABLE_HTTP,
                                    wire::TABLE_TLS};

// Row r has sequence first_sequence + r. A sequence counts the rows of one table over all runs of the job.
struct Sealed {
    std::uint64_t first_sequence = 0;
    std::uint32_t rows = 0;
    std::uint32_t run = 0;  // the run of the worker that made the batch
    std::int64_t first_time_ns = 0;
    std::int64_t last_time_ns = 0;
    std::uint64_t arrival = 0;                 // its number among the batches of all tables
    std::shared_ptr<const std::string> batch;  // a serialised wire::Batch, shared with whoever sends it

    [[nodiscard]] std::uint64_t end_sequence() const { return first_sequence + rows; }
};

// The window of one table.
class Window {
  public:
    // Charged for a batch besides its bytes, so that many tiny ones are bounded too.
    static constexpr std::size_t kOverhead = 256;

    // Returns the batch that contains this sequence number, or null. The pointer is valid until the next
    // append or eviction.
    [[nodiscard]] const Sealed* find(std::uint64_t sequence) const;
    [[nodiscard]] const Sealed* oldest() const { return batches_.empty() ? nullptr : &batches_.front(); }

    // The first row that is kept, and the next row to come. If both are equal, nothing is kept. Sequence
    // numbers begin at 1.
    [[nodiscard]] std::uint64_t first_sequence() const { return next_sequence_ - kept_; }
    [[nodiscard]] std::uint64_t next_sequence() const { return next_sequence_; }
    [[nodiscard]] std::uint64_t rows() const { return next_sequence_ - 1; }  // kept and evicted
    [[nodiscard]] std::uint64_t kept() const { return kept_; }
    [[nodiscard]] std::uint64_t evicted() const { return rows() - kept_; }

  private:
    friend class Windows;

    std::uint64_t next_sequence_ = 1;
    std::uint64_t kept_ = 0;
    std::deque<Sealed> batches_;
};

// The windows of a job's tables, with one limit for all of them.
class Windows {
  public:
    explicit Windows(std::uint64_t byte_limit) : byte_limit_(byte_limit) {}

    // Begins as if this number of rows had already come and been evicted. Call it before the first append().
    void begin_after(wire::Table table, std::uint64_t rows) { at(table).next_sequence_ = rows + 1; }
    // Appends the next rows of a table, and gives them their sequence numbers. rows must not be 0.
    void append(wire::Table table, std::uint32_t run, std::string batch, std::uint32_t rows,
                std::int64_t first_time_ns, std::int64_t last_time_ns);
    // Discards the batch that came first. Returns false if there is none.
    bool evict_oldest();
    void clear() {
        while (evict_oldest()) continue;
    }

    // table must be a known one.
    [[nodiscard]] const Window& of(wire::Table table) const {
        return windows_[static_cast<std::size_t>(table)];
    }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }  // the sum over all tables

  private:
    [[nodiscard]] Window& at(wire::Table table) { return windows_[static_cast<std::size_t>(table)]; }

    std::uint64_t byte_limit_;
    std::uint64_t bytes_ = 0;
    std::uint64_t arrivals_ = 0;
    std::array<Window, wire::Table_ARRAYSIZE> windows_;
};

}  // namespace packetsentry::stream
