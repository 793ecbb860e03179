#include "daemon/record/layer_dictionary.h"

#include <algorithm>

namespace packetsentry::record {
namespace {

using dissect::Dissection;

std::uint64_t hash_of(const Dissection& dissection) {
    return (dissection.layers.hash() ^ reinterpret_cast<std::uintptr_t>(dissection.protocol)) *
           0xd6e8feb86659fd93U;
}

}  // namespace

// Packets with the same chain whose lines begin with different words, which are few, have an entry each.
bool LayerDictionary::Entry::stands_for(const Dissection& dissection, std::uint64_t its_hash) const {
    return hash == its_hash && protocol == dissection.protocol &&
           chain.ethertype() == dissection.layers.ethertype() &&
           std::ranges::equal(chain.names(), dissection.layers.names());
}

void LayerDictionary::append_text(const Dissection& dissection, wire::Batch& batch) {
    wire::Layers& added = *batch.add_layers();
    dissection.append_layers(*added.mutable_names());
    text_bytes_ += added.names().size();
    added.set_ethertype(dissection.layers.ethertype());
}

std::uint16_t LayerDictionary::index(const Dissection& dissection, wire::Batch& batch) {
    if (dissection.layers.names().empty()) return 0;
    const std::uint64_t hash = hash_of(dissection);
    if (latest_ != 0 && entries_[latest_ - 1U].stands_for(dissection, hash)) return latest_;
    std::size_t place = hash >> 32U;
    for (;; ++place) {
        place %= kTableSize;
        if (table_[place] == 0) break;
        if (entries_[table_[place] - 1U].stands_for(dissection, hash)) return latest_ = table_[place];
    }
    if (full()) return 0;
    append_text(dissection, batch);
    entries_.push_back({hash, dissection.protocol, dissection.layers, place});
    return latest_ = table_[place] = static_cast<std::uint16_t>(entries_.size());
}

void LayerDictionary::clear() {
    for (const Entry& entry : entries_) table_[entry.place] = 0;
    entries_.clear();
    latest_ = 0;
    text_bytes_ = 0;
}

}  // namespace packetsentry::record
