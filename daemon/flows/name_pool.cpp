#include "daemon/flows/name_pool.h"

#include <xxhash.h>

#include <algorithm>
#include <utility>

namespace packetsentry::flows {

std::uint32_t NamePool::hash_of(std::string_view name) const {
    return static_cast<std::uint32_t>(XXH3_64bits_withSeed(name.data(), name.size(), seed_));
}

NamePool::Id NamePool::free_place() {
    const Id id = free_;
    if (id != kNone) {
        free_ = names_[id].uses;
        return id;
    }
    names_.emplace_back();
    return static_cast<Id>(names_.size() - 1);
}

NamePool::Id NamePool::take(std::string_view name) {
    if (name.empty() || name.size() > kLongest) return kNone;
    const std::uint32_t hash = hash_of(name);
    const Id found = index_.find(hash, [&](Id id) { return text(id) == name; });
    if (found != kNone) {
        ++names_[found].uses;
        return found;
    }
    if (bytes_ + bytes_of(name.size()) > limit_) return kNone;
    const Id id = free_place();
    Name& made = names_[id];
    made.text = std::make_unique_for_overwrite<char[]>(name.size());
    std::ranges::copy(name, made.text.get());
    made.hash = hash;
    made.uses = 1;
    made.size = static_cast<std::uint16_t>(name.size());
    index_.insert(hash, id);
    bytes_ += bytes_of(name.size());
    return id;
}

void NamePool::release(Id id) {
    Name& name = names_[id];
    if (--name.uses != 0) return;
    index_.erase(name.hash, id);
    bytes_ -= bytes_of(name.size);
    name.text.reset();
    name.uses = std::exchange(free_, id);
}

}  // namespace packetsentry::flows
