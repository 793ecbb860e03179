// Pieces of time that do not touch each other, and how a search asks for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>

#include "daemon/spool/search/time_range.h"

namespace packetsentry::spool {

class TimeSet {
  public:
    struct Piece {
        std::int64_t first_ns = 0;
        std::int64_t last_ns = 0;  // belongs to it

        bool operator==(const Piece&) const = default;
    };

    // Adds a piece, and joins it with those that it touches. first_ns is not later than last_ns.
    void add(std::int64_t first_ns, std::int64_t last_ns);

    [[nodiscard]] std::size_t pieces() const { return last_of_.size(); }
    // Tells whether a time from first to last may be in a piece.
    [[nodiscard]] bool meets(std::int64_t first_ns, std::int64_t last_ns) const;
    // Returns the piece that this time is in.
    [[nodiscard]] std::optional<Piece> find(std::int64_t time_ns) const;

  private:
    using Pieces = std::map<std::int64_t, std::int64_t>;  // the last time of each, by its first one

    // The last piece that begins at this time or before it; end(): none does.
    [[nodiscard]] Pieces::const_iterator begun_by(std::int64_t time_ns) const;

    Pieces last_of_;
};

// A range of time, or certain pieces of it. The pieces must outlive this object.
class SoughtTimes {
  public:
    SoughtTimes(const TimeRange& range) : range_(range) {}
    SoughtTimes(const TimeRange& range, const TimeSet& pieces) : range_(range), pieces_(&pieces) {}

    // Tells whether a time from first to last may be sought.
    [[nodiscard]] bool meets(std::int64_t first_ns, std::int64_t last_ns) const {
        return range_.meets(first_ns, last_ns) && (pieces_ == nullptr || pieces_->meets(first_ns, last_ns));
    }

  private:
    TimeRange range_;
    const TimeSet* pieces_ = nullptr;
};

}  // namespace packetsentry::spool
