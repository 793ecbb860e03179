#include "daemon/flows/address_names.h"

#include <xxhash.h>

#include <utility>

namespace packetsentry::flows {

AddressNames::AddressNames(Limits limits, NamePool& pool, std::uint64_t seed)
    : limits_(limits), pool_(pool), seed_(seed) {}

AddressNames::~AddressNames() {
    while (oldest_ != kNone) forget(oldest_);
}

std::uint32_t AddressNames::hash_of(const base::Address& address) const {
    return static_cast<std::uint32_t>(
        XXH3_64bits_withSeed(address.bytes.data(), sizeof address.bytes, seed_ + address.size));
}

AddressNames::Index AddressNames::place_of(const base::Address& address, std::uint32_t hash) const {
    return index_.find(hash, [&](Index index) { return entries_[index].address == address; });
}

std::size_t AddressNames::bytes_of(NamePool::Id name) const {
    return NamePool::bytes_of(pool_.text(name).size());
}

void AddressNames::learn(const base::Address& address, NamePool::Id name, NameSource source) {
    const std::uint32_t hash = hash_of(address);
    if (const Index known = place_of(address, hash); known != kNone) {
        if (entries_[known].name == name) {
            entries_[known].source = source;
            unlink(known);
            return append(known);
        }
        forget(known);
    }
    if (name == NamePool::kNone) return;
    while (oldest_ != kNone &&
           (count_ == limits_.addresses || name_bytes_ + bytes_of(name) > limits_.name_bytes))
        forget(oldest_);
    add({.address = address, .source = source, .hash = hash, .name = name});
}

AddressNames::Found AddressNames::find(const base::Address& address) const {
    if (count_ == 0) return {};
    const Index found = place_of(address, hash_of(address));
    if (found == kNone) return {};
    return {.name = entries_[found].name, .source = entries_[found].source};
}

void AddressNames::add(const Entry& named) {
    Index index = free_;
    if (index != kNone) {
        free_ = entries_[index].newer;
    } else {
        entries_.emplace_back();
        index = static_cast<Index>(entries_.size() - 1);
    }
    pool_.take_again(named.name);
    entries_[index] = named;
    append(index);
    index_.insert(named.hash, index);
    ++count_;
    name_bytes_ += bytes_of(named.name);
}

void AddressNames::append(Index index) {
    entries_[index].older = newest_;
    entries_[index].newer = kNone;
    (newest_ != kNone ? entries_[newest_].newer : oldest_) = index;
    newest_ = index;
}

void AddressNames::unlink(Index index) {
    const Entry& entry = entries_[index];
    (entry.newer != kNone ? entries_[entry.newer].older : newest_) = entry.older;
    (entry.older != kNone ? entries_[entry.older].newer : oldest_) = entry.newer;
}

void AddressNames::forget(Index index) {
    Entry& entry = entries_[index];
    unlink(index);
    index_.erase(entry.hash, index);
    --count_;
    name_bytes_ -= bytes_of(entry.name);
    pool_.release(entry.name);
    entry.newer = std::exchange(free_, index);
}

}  // namespace packetsentry::flows
