#include "proto/flows/row_community_ids.h"

#include <algorithm>

namespace packetsentry::flows {

// A sender who makes conversations meet in one place gains nothing but a SHA-1 for each packet, so the hash
// needs no secret.
const RowCommunityIds::Known* RowCommunityIds::known_of(const std::optional<FlowTuple>& tuple) {
    if (!tuple) return nullptr;
    if (known_.empty()) {
        key_hashes_.resize(kPlaces);
        known_.resize(kPlaces);
    }
    const FlowKey key(*tuple);
    const std::uint64_t key_hash = key.hash(0);
    const std::size_t place = key_hash % kPlaces;
    Known& known = known_[place];
    if (key_hashes_[place] == key_hash && known.key == key) return &known;
    key_hashes_[place] = key_hash;
    known.key = key;
    known.hash = community_hash(*tuple);
    const CommunityText text = community_text(known.hash);
    known.quotes.front() = known.quotes.back() = '"';
    std::ranges::copy(text, known.quotes.begin() + 1);
    return &known;
}

}  // namespace packetsentry::flows
