#include "daemon/flows/name_pool.h"

#include <xxhash.h>

#include <algorithm>
#include <utility>

namespace packetsentry::flows {

NamePool::Prepared NamePool::prepare(std::string_view name) const {
    const auto hash = static_cast<std::uint32_t>(XXH3_64bits_withSeed(name.data(), name.size(), seed_));
    index_.prepare(hash);
    return {.name = name, .hash = hash};
}

NamePool::Id NamePool::free_place() {
    if (free_ != kNone) return std::exchange(free_, at(free_).uses);
    if (made_ % kChunk == 0) chunks_.push_back(std::make_unique<Name[]>(kChunk));
    return made_++;
}

NamePool::Id NamePool::take(const Prepared& prepared, std::size_t spare) {
    const auto [name, hash] = prepared;
    if (name.empty() || name.size() > kLongest) return kNone;
    const Id found = index_.find(hash, [this, &prepared](Id id) { return text(id) == prepared.name; });
    if (found != kNone) {
        take_again(found);
        return found;
    }
    if (bytes_ + bytes_of(name.size()) + spare > limit_) return kNone;
    const Id id = free_place();
    Name& made = at(id);
    made.hash = hash;
    made.uses = 1;
    made.size = static_cast<std::uint16_t>(name.size());
    if (name.size() > kShort) made.long_text = std::make_unique_for_overwrite<char[]>(name.size());
    std::ranges::copy(name, name.size() > kShort ? made.long_text.get() : made.short_text.data());
    index_.insert(hash, id);
    bytes_ += bytes_of(name.size());
    return id;
}

void NamePool::release(Id id) {
    Name& name = at(id);
    if (--name.uses != 0) return;
    index_.erase(name.hash, id);
    bytes_ -= bytes_of(name.size);
    name.long_text.reset();
    name.uses = std::exchange(free_, id);
}

}  // namespace packetsentry::flows
