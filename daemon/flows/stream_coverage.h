// Which bytes of one direction of a TCP connection were seen, and which are missing.
//
// Bytes are counted from the beginning of the direction: 0 is the SYN, and 1 the first byte of data. All
// before whole() were seen or given up. Behind it lie islands, which came before what lies between; there are
// few of them at a time, so that few are kept. Where there are more, two islands become one, and the hole
// between them counts as seen: a flow may then miss less than it says, never more.
#pragma once

#include <array>
#include <cstdint>

#include "daemon/flows/state_bytes.h"

namespace packetsentry::flows {

class StreamCoverage {
  public:
    struct Missing {
        std::uint64_t bytes = 0;
        std::uint32_t holes = 0;
    };
    enum class Seen : std::uint8_t {
        next,    // it goes on where the direction ended, or leaves a hole before it
        filled,  // it lies before the end, and some of it was not seen before
        before,  // all of it was seen, or given up
    };

    explicit StreamCoverage(std::uint64_t begin = 1) : whole_(begin) {}

    // What is to be added is not empty.
    Seen add(std::uint64_t begin, std::uint32_t bytes);
    // Everything before `end` was acknowledged, so what was not seen of it will not come.
    Missing give_up(std::uint64_t end);

    [[nodiscard]] std::uint64_t whole() const { return whole_; }
    // Behind the last byte that was seen or given up.
    [[nodiscard]] std::uint64_t end() const {
        return count_ == 0 ? whole_ : whole_ + islands_[count_ - 1U].end;
    }
    [[nodiscard]] bool merged() const { return merged_; }  // there were too many islands

    template <typename Bytes>
    void pass(Bytes& bytes) {  // see StateReader
        bytes.template within<std::uint64_t>(whole_, 0, kPassedOffset);
        bytes.template within<std::uint8_t>(count_, 0, kIslands);
        for (std::uint8_t i = 0; i < count_; ++i) {
            bytes.number(islands_[i].begin);
            bytes.template within<std::uint32_t>(islands_[i].end, 0, kFarthestEnd);
        }
        bytes.flag(merged_);
    }
    // Tells whether the islands are in order, after they were passed.
    [[nodiscard]] bool valid() const;

  private:
    struct Island {  // distances from whole_
        std::uint32_t begin;
        std::uint32_t end;
    };
    static constexpr std::uint8_t kIslands = 4;
    static constexpr std::uint32_t kFarthestEnd = std::uint32_t{1} << 31;  // no island ends behind it

    [[nodiscard]] bool insert(std::uint32_t begin, std::uint32_t end);
    void merge_nearest();
    void move_whole(std::uint64_t by);

    std::uint64_t whole_;
    std::array<Island, kIslands + 1> islands_{};  // ascending, apart; one more while one is inserted
    std::uint8_t count_ = 0;
    bool merged_ = false;
};

}  // namespace packetsentry::flows
