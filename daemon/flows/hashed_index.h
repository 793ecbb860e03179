// Finds entries of somebody's array by the hash of what they are found by: open addressing, in which nothing
// takes longer because much was erased. The hash must have a secret seed, so that nobody can choose entries
// that have one hash.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace packetsentry::flows {

class HashedIndex {
  public:
    static constexpr std::uint32_t kNone = UINT32_MAX;

    // Returns the entry with this hash of which is(entry) is true; kNone: there is none.
    template <typename Is>
    [[nodiscard]] std::uint32_t find(std::uint32_t hash, Is is) const {
        if (buckets_.empty()) return kNone;
        for (std::size_t place = hash & mask(); buckets_[place].entry != kNone; place = (place + 1) & mask())
            if (buckets_[place].hash == hash && is(buckets_[place].entry)) return buckets_[place].entry;
        return kNone;
    }
    // Has the processor fetch where find() will look first, so that it waits less for it later.
    void prepare(std::uint32_t hash) const {
        if (!buckets_.empty()) __builtin_prefetch(&buckets_[hash & mask()]);
    }
    // Returns an entry that find() may look at first; kNone: there is none.
    [[nodiscard]] std::uint32_t first(std::uint32_t hash) const {
        return buckets_.empty() ? kNone : buckets_[hash & mask()].entry;
    }
    void insert(std::uint32_t hash, std::uint32_t entry) {
        if (2 * ++count_ > buckets_.size()) grow();
        fill({.hash = hash, .entry = entry});
    }
    // The entry must be there. Those behind it move up, so that no search ends at the hole.
    void erase(std::uint32_t hash, std::uint32_t entry) {
        std::size_t hole = hash & mask();
        while (buckets_[hole].entry != entry) hole = (hole + 1) & mask();
        for (std::size_t next = (hole + 1) & mask(); buckets_[next].entry != kNone;
             next = (next + 1) & mask()) {
            const std::size_t home = buckets_[next].hash & mask();
            if (((next - home) & mask()) < ((next - hole) & mask())) continue;
            buckets_[hole] = buckets_[next];
            hole = next;
        }
        buckets_[hole] = {};
        --count_;
    }

  private:
    struct Bucket {
        std::uint32_t hash = 0;
        std::uint32_t entry = kNone;
    };

  public:
    static constexpr std::size_t kBucketBytes = sizeof(Bucket);  // there are two to four for each entry

  private:
    static constexpr std::size_t kFirst = 64;  // buckets

    [[nodiscard]] std::size_t mask() const { return buckets_.size() - 1; }
    void fill(Bucket bucket) {
        std::size_t place = bucket.hash & mask();
        while (buckets_[place].entry != kNone) place = (place + 1) & mask();
        buckets_[place] = bucket;
    }
    void grow() {
        const std::vector<Bucket> before =
            std::exchange(buckets_, std::vector<Bucket>(buckets_.empty() ? kFirst : 2 * buckets_.size()));
        for (const Bucket& bucket : before)
            if (bucket.entry != kNone) fill(bucket);
    }

    std::vector<Bucket> buckets_;  // their number is a power of two
    std::size_t count_ = 0;
};

}  // namespace packetsentry::flows
