// The addresses of one batch, each once: a row then costs a small number instead of 16 bytes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/base/address.h"

namespace packetsentry::record {

// Open addressing over a table twice as large as the most entries ever asked for; emptied by a change
// of generation, not by writing it.
class AddressDictionary {
  public:
    // capacity: distinct addresses of one batch.
    explicit AddressDictionary(std::size_t capacity);

    // The address's slot, from 1; 0 for none. Appends a new one to the two columns of wire::Batch.
    [[nodiscard]] std::uint32_t slot(const base::Address& address, std::string& bytes, std::string& sizes);
    void clear() { ++generation_; }

  private:
    struct Entry {
        base::Address address;
        std::uint32_t slot = 0;
        std::uint32_t generation = 0;
    };
    std::vector<Entry> table_;
    std::uint32_t generation_ = 1;
};

}  // namespace packetsentry::record
