// The addresses of one batch, each once: a row then costs a small number instead of 16 bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "daemon/base/address.h"

namespace packetsentry::record {

// Open addressing. The table is as small as the addresses permit, so that it stays in the cache beside all
// else that a packet needs; it is emptied by a change of generation, not by writing it.
class AddressDictionary {
  public:
    static constexpr std::uint32_t kLimit = 16384;  // distinct addresses between two clear()

    AddressDictionary() : table_(2 * kLimit) {}

    // The address's slot, from 1; 0 for none. Appends a new one to the two columns of wire::Batch, which
    // are the same ones from clear() to clear().
    [[nodiscard]] std::uint16_t slot(const base::Address& address, std::string& bytes, std::string& sizes);
    // Has the processor fetch what slot() will look at.
    void prepare(const base::Address& address) const;
    // The addresses in the order of their slots.
    [[nodiscard]] std::span<const base::Address> known() const { return known_; }
    void clear();

  private:
    // The hashes of two IPv4 addresses differ, so these are found without a look at known_.
    struct Entry {
        std::uint32_t hash = 0;
        std::uint16_t slot = 0;  // with kIpv4 for an IPv4 address
        std::uint16_t generation = 0;
    };
    static constexpr std::uint16_t kIpv4 = 0x8000;  // above each slot
    static constexpr std::size_t kSmallest = 512;
    static_assert(kLimit < kIpv4);

    void empty_table();
    void grow_table();

    std::vector<Entry> table_;
    std::size_t used_ = kSmallest;      // entries of table_ in which is looked: a power of two
    std::vector<base::Address> known_;  // in the order of their slots
    std::uint16_t generation_ = 1;
};

}  // namespace packetsentry::record
