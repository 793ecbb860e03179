#include "daemon/spool/format/key_table.h"

#include <algorithm>

#include "daemon/spool/format/checksum.h"

namespace packetsentry::spool {
namespace {

constexpr std::size_t kSlotsAtFirst = 64;

}  // namespace

BlockMask halved(BlockMask mask) {
    BlockMask joined = 0;
    for (unsigned bit = 0; bit < kMaskBits; bit += 2)
        if ((mask >> bit & 3) != 0) joined |= BlockMask{1} << bit / 2;
    return joined;
}

KeyTable::KeyTable(std::uint64_t seed) : seed_(seed), slots_(kSlotsAtFirst) {}

KeyTable::Slot& KeyTable::slot(std::string_view sought, std::uint32_t hash) {
    std::size_t place = hash;
    for (;; ++place) {
        Slot& at = slots_[place & (slots_.size() - 1)];
        if (at.key == 0 || (at.hash == hash && key(at.key - 1) == sought)) return at;
    }
}

void KeyTable::add(std::string_view added, BlockMask bit) {
    if (everywhere_) return;
    const auto hash = static_cast<std::uint32_t>(checksum(as_bytes(added), seed_));
    Slot& found = slot(added, hash);
    if (found.key != 0) {
        masks_[found.key - 1] |= bit;
        return;
    }
    if (masks_.size() == kKeysLimit || text_.size() + added.size() > kTextLimit) return add_everywhere();
    text_ += added;
    ends_.push_back(static_cast<std::uint32_t>(text_.size()));
    masks_.push_back(bit);
    found = {hash, static_cast<std::uint32_t>(masks_.size())};
    if (2 * masks_.size() > slots_.size()) grow();
}

void KeyTable::grow() {
    const std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(2 * slots_.size()));
    for (const Slot& old : before) {
        if (old.key == 0) continue;
        std::size_t place = old.hash;
        while (slots_[place & (slots_.size() - 1)].key != 0) ++place;
        slots_[place & (slots_.size() - 1)] = old;
    }
}

void KeyTable::add_everywhere() {
    *this = KeyTable(seed_);
    everywhere_ = true;
}

void KeyTable::halve() {
    std::ranges::transform(masks_, masks_.begin(), halved);
}

std::vector<std::pair<std::string_view, BlockMask>> KeyTable::sorted() const {
    std::vector<std::pair<std::string_view, BlockMask>> keys;
    keys.reserve(masks_.size());
    for (std::size_t index = 0; index < masks_.size(); ++index) keys.emplace_back(key(index), masks_[index]);
    std::ranges::sort(keys);
    return keys;
}

}  // namespace packetsentry::spool
