// Entries that wait, in a bounded array, each in at most one list by its age. No entry moves while it is
// there, and nothing is allocated for one after the array was made.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "daemon/flows/hashed_index.h"

namespace packetsentry::transactions {

// Until when something waits that begins to at this time.
[[nodiscard]] inline std::int64_t later(std::int64_t time_ns, std::chrono::nanoseconds by) {
    constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();
    return time_ns > kLast - by.count() ? kLast : time_ns + by.count();
}

template <typename Entry>
class AgedEntries {
  public:
    using Index = std::uint32_t;
    static constexpr Index kNone = flows::HashedIndex::kNone;

    // Entries by their age, the oldest first.
    struct List {
        Index first = kNone, last = kNone;
        std::size_t count = 0;
    };

    explicit AgedEntries(std::size_t most) : most_(most) {}

    [[nodiscard]] Entry& operator[](Index index) { return places_[index].entry; }
    [[nodiscard]] const Entry& operator[](Index index) const { return places_[index].entry; }
    [[nodiscard]] bool full() const { return count_ == most_; }
    [[nodiscard]] bool empty() const { return count_ == 0; }

    // Returns a place with whatever was in it before; it is in no list. There must be room.
    [[nodiscard]] Index take_place() {
        ++count_;
        if (free_ != kNone) return std::exchange(free_, places_[free_].next);
        if (places_.empty()) places_.reserve(most_);
        places_.emplace_back();
        return static_cast<Index>(places_.size() - 1);
    }
    // It must be in no list.
    void release(Index index) {
        --count_;
        places_[index].next = std::exchange(free_, index);
    }

    // It is the youngest one of the list from now on, and waits until then. No other one of the list may wait
    // for longer.
    void append(List& list, Index index, std::int64_t until_ns) {
        Place& one = places_[index];
        one.until_ns = until_ns;
        one.before = list.last;
        one.next = kNone;
        (list.last == kNone ? list.first : places_[list.last].next) = index;
        list.last = index;
        ++list.count;
    }
    // As append(), for what another worker has said waits until then. Because that may be any time, an entry
    // waits no shorter than those before it, and no longer than if it began to wait now.
    void append_passed(List& list, Index index, std::int64_t until_ns, std::int64_t now_ns,
                       std::chrono::nanoseconds patience) {
        const std::int64_t least = list.last == kNone ? now_ns : places_[list.last].until_ns;
        append(list, index, std::max(least, std::min(until_ns, later(now_ns, patience))));
    }
    void unlink(List& list, Index index) {
        const Place& one = places_[index];
        (one.before == kNone ? list.first : places_[one.before].next) = one.next;
        (one.next == kNone ? list.last : places_[one.next].before) = one.before;
        --list.count;
    }
    // Until when it waits.
    [[nodiscard]] std::int64_t until_ns(Index index) const { return places_[index].until_ns; }
    // Tells whether its time is over.
    [[nodiscard]] bool is_over(Index index, std::int64_t now_ns) const {
        return places_[index].until_ns <= now_ns;
    }
    [[nodiscard]] bool is_first_over(const List& list, std::int64_t now_ns) const {
        return list.first != kNone && is_over(list.first, now_ns);
    }

  private:
    struct Place {
        std::int64_t until_ns = 0;
        Index next = kNone;  // of its list, or of those that are free
        Index before = kNone;
        Entry entry;
    };

    std::size_t most_;
    std::vector<Place> places_;  // never more than was reserved
    Index free_ = kNone;
    std::size_t count_ = 0;
};

}  // namespace packetsentry::transactions
