// The chains of layers of one batch, each once: a row then costs two bytes instead of some thirty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "daemon/dissect/dissection.h"
#include "proto/messages/batch.pb.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::record {

// Open addressing. What an entry stands for is compared as a whole, because somebody may choose packets whose
// chains have one hash. clear() with the batch.
class LayerDictionary {
  public:
    LayerDictionary() : table_(kTableSize) {}

    // The place of the packet's chain in batch.layers(), from 1; 0 for a packet without layers. Appends a new
    // one; where full() there is no room for it, and the answer is 0.
    [[nodiscard]] std::uint16_t index(const dissect::Dissection& dissection, wire::Batch& batch);
    // Likewise for a chain of another batch and its dictionary, which has it at this place, from 1.
    [[nodiscard]] std::uint16_t index(const LayerDictionary& others, const wire::Batch& other_batch,
                                      std::size_t other_index, wire::Batch& batch);
    void clear();

    [[nodiscard]] bool full() const { return entries_.size() >= proto::kBatchLayersLimit; }
    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] std::size_t text_bytes() const { return text_bytes_; }  // since clear()

  private:
    static constexpr std::size_t kTableSize = 2 * proto::kBatchLayersLimit;

    // What makes packets share an entry.
    struct Entry {
        std::uint64_t hash = 0;
        const dissect::Protocol* protocol = nullptr;
        dissect::LayerChain chain;
        std::size_t place = 0;  // in table_

        [[nodiscard]] bool stands_for(std::uint64_t its_hash, const dissect::Protocol* its_protocol,
                                      const dissect::LayerChain& its_chain) const;
    };
    // Looks for a chain from place on, and leaves place at its entry or at a free one. Returns 0 if there is
    // no entry.
    [[nodiscard]] std::uint16_t find(std::uint64_t hash, const dissect::Protocol* protocol,
                                     const dissect::LayerChain& chain, std::size_t& place) const;
    [[nodiscard]] std::uint16_t add(const Entry& entry, const wire::Layers& added);

    std::vector<std::uint16_t> table_;  // indices of entries, from 1; 0: free
    std::vector<Entry> entries_;
    std::uint16_t latest_ = 0;  // packets of one chain come in runs
    std::size_t text_bytes_ = 0;
};

}  // namespace packetsentry::record
