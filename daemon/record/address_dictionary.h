// The addresses of one batch, each once: a row then costs a small number instead of 16 bytes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/base/address.h"

namespace packetsentry::record {

// Open addressing; the addresses themselves stand in the batch's columns. Eight bytes an entry, so that
// the table stays in the cache; emptied by a change of generation, not by writing it.
class AddressDictionary {
  public:
    static constexpr std::uint32_t kLimit = 16384;  // distinct addresses between two clear()

    AddressDictionary() : table_(2 * kLimit) {}

    // The address's slot, from 1; 0 for none. Appends a new one to the two columns of wire::Batch, which
    // are the same ones from clear() to clear().
    [[nodiscard]] std::uint16_t slot(const base::Address& address, std::string& bytes, std::string& sizes);
    void clear();

  private:
    struct Entry {
        std::uint32_t hash = 0;
        std::uint16_t slot = 0;
        std::uint16_t generation = 0;
    };
    std::vector<Entry> table_;
    std::uint16_t generation_ = 1;
};

}  // namespace packetsentry::record
