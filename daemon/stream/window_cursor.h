// A subscriber's place in a window.
#pragma once

#include <cstdint>
#include <variant>

#include "daemon/stream/window.h"

namespace packetsentry::stream {

// Rows first to last were there and are no longer, or not for this cursor; the times are those of the rows
// around them that this cursor has seen or will see next, 0 where there is none.
struct Gap {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::int64_t from_ns = 0;
    std::int64_t to_ns = 0;
    bool operator==(const Gap&) const = default;
};

struct Nothing {};  // at the moment

class Cursor {
  public:
    // from_sequence: the first row wanted; 0: the next to come. A batch is given whole, so the first may
    // begin with rows before the wanted one.
    Cursor(const Window& window, std::uint64_t from_sequence)
        : next_(from_sequence == 0 ? window.next_sequence() : from_sequence) {}

    // What comes next, and moves past it. Always the same window. first: rows before it are not given; a
    // batch begins there, or is to begin.
    [[nodiscard]] std::variant<Nothing, Sealed, Gap> take(const Window& window, std::uint64_t first = 0);

    [[nodiscard]] std::uint64_t next_sequence() const { return next_; }

  private:
    std::uint64_t next_;
    std::int64_t last_time_ns_ = 0;
};

}  // namespace packetsentry::stream
