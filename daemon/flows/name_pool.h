// Names of servers, each of which is stored once, however many conversations have it. Bounded: where there is
// no room for a name, whoever asks for it goes without it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "daemon/flows/hashed_index.h"

namespace packetsentry::flows {

class NamePool {
  public:
    using Id = std::uint32_t;
    static constexpr Id kNone = HashedIndex::kNone;
    static constexpr std::size_t kLongest = 255;  // bytes of a name, as of one of DNS (RFC 1035 section 3.1)

    // limit: in bytes, as bytes() counts. seed: secret.
    NamePool(std::size_t limit, std::uint64_t seed) : limit_(limit), seed_(seed) {}

    // Stores the name, if it is not there yet. It stays until it was released as often as it was taken.
    // kNone: it is longer than kLongest, or there is no room.
    [[nodiscard]] Id take(std::string_view name);
    void release(Id id);
    // Valid until the name is released.
    [[nodiscard]] std::string_view text(Id id) const { return {names_[id].text.get(), names_[id].size}; }

    // What the names take, with all that is needed to find them.
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    [[nodiscard]] static std::size_t bytes_of(std::size_t name_size) { return name_size + kOverhead; }
    [[nodiscard]] std::size_t limit() const { return limit_; }

  private:
    struct Name {
        std::unique_ptr<char[]> text;  // null: it is free
        std::uint32_t hash = 0;
        std::uint32_t uses = 0;  // of one that is free: the next free one
        std::uint16_t size = 0;
    };
    // A Name where names_ has just grown, two to four buckets, and what the allocator adds to the text.
    static constexpr std::size_t kOverhead = 2 * sizeof(Name) + 4 * 2 * sizeof(std::uint32_t) + 16;

    [[nodiscard]] std::uint32_t hash_of(std::string_view name) const;
    [[nodiscard]] Id free_place();

    std::size_t limit_;
    std::uint64_t seed_;
    std::vector<Name> names_;
    HashedIndex index_;
    Id free_ = kNone;
    std::size_t bytes_ = 0;
};

}  // namespace packetsentry::flows
