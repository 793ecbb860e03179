// Fields of a packet that are needed when the packet is gone, in a place of fixed size: a question waits for
// its answer like this, and there may be very many questions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "daemon/dissect/dissection.h"

namespace packetsentry::transactions {

class StoredFields {
  public:
    static constexpr std::size_t kBytes = 768;
    static constexpr std::size_t kMost = 48;  // fields

    // Stores those of the fields that wanted has, up to the first one for which there is no room. Returns
    // whether that was all of them. Fields of addresses cannot be stored.
    bool store(std::span<const dissect::Field> fields, std::span<const dissect::FieldInfo* const> wanted);

    // What was stored. The texts refer to this object. The span lives as long as room.
    using Room = std::array<dissect::Field, kMost>;
    [[nodiscard]] std::span<const dissect::Field> fields(Room& room) const;
    // Only those that wanted has.
    [[nodiscard]] std::span<const dissect::Field> fields(
        Room& room, std::span<const dissect::FieldInfo* const> wanted) const;

    // For flows::StateWriter and flows::StateReader. What was read must be valid().
    template <typename Bytes>
    void pass(Bytes& bytes) {
        bytes.template within<std::uint16_t>(size_, 0, kBytes);
        std::span<char> stored(bytes_.data(), size_);
        bytes.bytes(stored);
    }
    // Tells whether this is what store() can have stored, with no value too many.
    [[nodiscard]] bool valid(std::span<const dissect::FieldInfo* const> wanted) const;

  private:
    std::uint16_t size_ = 0;
    std::array<char, kBytes> bytes_;
};

}  // namespace packetsentry::transactions
