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
bool LayerDictionary::Entry::stands_for(std::uint64_t its_hash, const dissect::Protocol* its_protocol,
                                        const dissect::LayerChain& its_chain) const {
    return hash == its_hash && protocol == its_protocol && chain.ethertype() == its_chain.ethertype() &&
           std::ranges::equal(chain.names(), its_chain.names());
}

std::uint16_t LayerDictionary::find(std::uint64_t hash, const dissect::Protocol* protocol,
                                    const dissect::LayerChain& chain, std::size_t& place) const {
    for (place = hash >> 32U;; ++place) {
        place %= kTableSize;
        const std::uint16_t index = table_[place];
        if (index == 0 || entries_[index - 1U].stands_for(hash, protocol, chain)) return index;
    }
}

std::uint16_t LayerDictionary::add(const Entry& entry, const wire::Layers& added) {
    text_bytes_ += added.names().size();
    entries_.push_back(entry);
    return table_[entry.place] = static_cast<std::uint16_t>(entries_.size());
}

std::uint16_t LayerDictionary::index(const Dissection& dissection, wire::Batch& batch) {
    const dissect::LayerChain& chain = dissection.layers;
    if (chain.names().empty()) return 0;
    const std::uint64_t hash = hash_of(dissection);
    if (latest_ != 0 && entries_[latest_ - 1U].stands_for(hash, dissection.protocol, chain)) return latest_;
    std::size_t place = 0;
    if (const std::uint16_t found = find(hash, dissection.protocol, chain, place)) return latest_ = found;
    if (full()) return 0;
    wire::Layers& added = *batch.add_layers();
    dissection.append_layers(*added.mutable_names());
    added.set_ethertype(chain.ethertype());
    return latest_ = add({hash, dissection.protocol, chain, place}, added);
}

std::uint16_t LayerDictionary::index(const LayerDictionary& others, const wire::Batch& other_batch,
                                     std::size_t other_index, wire::Batch& batch) {
    Entry entry = others.entries_[other_index - 1];
    if (const std::uint16_t found = find(entry.hash, entry.protocol, entry.chain, entry.place)) return found;
    if (full()) return 0;
    wire::Layers& added = *batch.add_layers();
    added = other_batch.layers(static_cast<int>(other_index) - 1);
    return add(entry, added);
}

void LayerDictionary::clear() {
    for (const Entry& entry : entries_) table_[entry.place] = 0;
    entries_.clear();
    latest_ = 0;
    text_bytes_ = 0;
}

}  // namespace packetsentry::record
