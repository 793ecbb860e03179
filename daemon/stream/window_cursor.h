// The position of one reader in a window.
#pragma once

#include <cstdint>
#include <variant>

#include "daemon/stream/window.h"

namespace packetsentry::stream {

// The rows from first to last, both included, were recorded, but have been discarded or are not for this
// reader. The times are those of the rows before and after them that this cursor returns, in nanoseconds
// since 1970, or 0 if there is no such row.
struct Gap {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::int64_t from_ns = 0;
    std::int64_t to_ns = 0;
    bool operator==(const Gap&) const = default;
};

struct Nothing {};  // there is no further row yet

class Cursor {
  public:
    // from_sequence: the first row that is wanted; 0 means the next row to come. Batches are returned whole,
    // so the first batch may begin with earlier rows.
    Cursor(const Window& window, std::uint64_t from_sequence)
        : next_(from_sequence == 0 ? window.next_sequence() : from_sequence) {}

    // Returns what comes next, and moves past it. window must be the same at each call. first: earlier rows
    // are not returned but are a gap; a batch must begin there, or the next one to come.
    [[nodiscard]] std::variant<Nothing, Sealed, Gap> take(const Window& window, std::uint64_t first = 0);

    [[nodiscard]] std::uint64_t next_sequence() const { return next_; }

  private:
    std::uint64_t next_;
    std::int64_t last_time_ns_ = 0;
};

}  // namespace packetsentry::stream
