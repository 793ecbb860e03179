// Names of servers, each of which is stored once, however many conversations have it. Bounded: where there is
// no room for a name, whoever asks for it goes without it.
#pragma once

#include <array>
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
    // kNone: it is longer than kLongest, or there is no room. spare: this many bytes of the limit are left to
    // others, so a name that is new has no room where it would need them.
    [[nodiscard]] Id take(std::string_view name) { return take(prepare(name)); }
    // To take a name means to wait for memory twice. Whoever has something else to do meanwhile has the
    // processor fetch it: what prepare() asks for first, then fetch(), then take().
    struct Prepared {
        std::string_view name = {};  // must remain live until the name was taken
        std::uint32_t hash = 0;
    };
    [[nodiscard]] Prepared prepare(std::string_view name) const;
    void fetch(const Prepared& prepared) const { fetch(index_.first(prepared.hash)); }
    [[nodiscard]] Id take(const Prepared& prepared, std::size_t spare = 0);
    // Has the processor fetch the text of a name. kNone is permitted.
    void fetch(Id id) const {
        if (id != kNone) __builtin_prefetch(&at(id));
    }
    // Takes a name that is there once more.
    void take_again(Id id) { ++at(id).uses; }
    void release(Id id);
    // Valid until the name is released.
    [[nodiscard]] std::string_view text(Id id) const { return at(id).text(); }

    // What the names take, with all that is needed to find them.
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    [[nodiscard]] static std::size_t bytes_of(std::size_t name_size) {
        const bool is_long = name_size > kShort;
        return sizeof(Name) + kIndexBytes + (is_long ? name_size + kAllocatorBytes : 0);
    }
    [[nodiscard]] std::size_t limit() const { return limit_; }

  private:
    static constexpr std::size_t kShort = 46;  // bytes of a name that needs no memory of its own

    // What is looked at to find a name is one cache line, because to wait for memory is most of the work.
    struct alignas(64) Name {
        std::uint32_t hash = 0;
        std::uint32_t uses = 0;  // of one that is free: the next free one
        std::uint16_t size = 0;
        std::array<char, kShort> short_text;
        std::unique_ptr<char[]> long_text;

        [[nodiscard]] std::string_view text() const {
            return {size > kShort ? long_text.get() : short_text.data(), size};
        }
    };
    static_assert(sizeof(Name) == 64);
    static constexpr std::size_t kIndexBytes = 4 * HashedIndex::kBucketBytes;  // two to four buckets
    static constexpr std::size_t kAllocatorBytes = 16;                         // what it adds to a text
    static constexpr std::size_t kChunk = 256;                                 // names allocated together

    [[nodiscard]] Name& at(Id id) const { return chunks_[id / kChunk][id % kChunk]; }
    [[nodiscard]] Id free_place();

    std::size_t limit_;
    std::uint64_t seed_;
    std::vector<std::unique_ptr<Name[]>> chunks_;
    HashedIndex index_;
    Id free_ = kNone;
    Id made_ = 0;  // names in chunks_ that were ever used
    std::size_t bytes_ = 0;
};

}  // namespace packetsentry::flows
