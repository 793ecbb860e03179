// The keys of one kind while an index is made, and the blocks that have each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/spool/format/index_layout.h"

namespace packetsentry::spool {

// Open addressing, with the keys one behind the other in one string: a key that is known costs no
// allocation and few cache lines. Beyond kKeysLimit keys, or kTextLimit bytes of them, it forgets all of
// them, and the kind is in every block. So it never takes more than 12 MiB.
class KeyTable {
  public:
    // seed: not known to those who choose the keys, so that they cannot choose keys that collide.
    explicit KeyTable(std::uint64_t seed);

    void add(std::string_view key, BlockMask bit);
    void add_everywhere();
    // From now on each bit stands for twice as many blocks.
    void halve();

    [[nodiscard]] bool everywhere() const { return everywhere_; }
    // Refers to the table.
    [[nodiscard]] std::vector<std::pair<std::string_view, BlockMask>> sorted() const;

  private:
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t key = 0;  // its place in masks_, from 1; 0: free
    };
    [[nodiscard]] std::string_view key(std::size_t index) const {
        return std::string_view(text_).substr(ends_[index], ends_[index + 1] - ends_[index]);
    }
    // The slot that has the key, or the free one where it belongs.
    [[nodiscard]] Slot& slot(std::string_view sought, std::uint32_t hash);
    void grow();

    std::uint64_t seed_;
    std::vector<Slot> slots_;  // a power of two; at most half of them are in use
    std::vector<BlockMask> masks_;
    std::vector<std::uint32_t> ends_ = {0};  // of the keys in text_
    std::string text_;
    bool everywhere_ = false;
};

// Joins the bits 2n and 2n + 1 to bit n.
[[nodiscard]] BlockMask halved(BlockMask mask);

}  // namespace packetsentry::spool
