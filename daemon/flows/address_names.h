// The newest name of an address, and where it was seen. Bounded: who was named longest ago goes first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "daemon/base/address.h"
#include "daemon/flows/flow_names.h"
#include "daemon/flows/hashed_index.h"
#include "daemon/flows/name_pool.h"

namespace packetsentry::flows {

class AddressNames {
  public:
    struct Limits {
        std::size_t addresses = 65'536;
        // For the names, as NamePool::bytes_of() counts them, of each address again.
        std::size_t name_bytes = 4 * 1024 * 1024;
    };

    // pool must outlive this object. seed: secret.
    AddressNames(Limits limits, NamePool& pool, std::uint64_t seed);
    ~AddressNames();
    AddressNames(const AddressNames&) = delete;
    AddressNames& operator=(const AddressNames&) = delete;

    // name: in the pool, where the caller has taken it. kNone: forgets the address.
    void learn(const base::Address& address, NamePool::Id name, NameSource source);
    struct Found {
        NamePool::Id name = NamePool::kNone;  // kNone: nothing is known
        NameSource source = NameSource::dns;
    };
    // Valid until the next learn(), if it is not taken again.
    [[nodiscard]] Found find(const base::Address& address) const;

    // Who was named longest ago. Both need size() not to be 0. What oldest() returns is valid until the next
    // call of another function.
    struct Named {
        const base::Address& address;
        NamePool::Id name;
        NameSource source;
    };
    [[nodiscard]] Named oldest() const {
        const Entry& entry = entries_[oldest_];
        return {entry.address, entry.name, entry.source};
    }
    void forget_oldest() { forget(oldest_); }

    [[nodiscard]] std::size_t size() const { return count_; }
    [[nodiscard]] std::size_t name_bytes() const { return name_bytes_; }

  private:
    using Index = std::uint32_t;
    static constexpr Index kNone = HashedIndex::kNone;

    struct Entry {
        base::Address address;
        NameSource source = NameSource::dns;
        std::uint32_t hash = 0;
        NamePool::Id name = NamePool::kNone;
        Index older = kNone;
        Index newer = kNone;  // of one that is free: the next free one
    };

    [[nodiscard]] std::uint32_t hash_of(const base::Address& address) const;
    [[nodiscard]] Index place_of(const base::Address& address, std::uint32_t hash) const;
    [[nodiscard]] std::size_t bytes_of(NamePool::Id name) const;
    void append(Index index);
    void unlink(Index index);
    void add(const Entry& named);
    void forget(Index index);

    Limits limits_;
    NamePool& pool_;
    std::uint64_t seed_;
    std::vector<Entry> entries_;
    HashedIndex index_;
    Index free_ = kNone;
    Index newest_ = kNone;
    Index oldest_ = kNone;
    std::size_t count_ = 0;
    std::size_t name_bytes_ = 0;
};

}  // namespace packetsentry::flows
