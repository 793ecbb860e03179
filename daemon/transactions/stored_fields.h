// Fields of a packet that are needed when the packet is gone, in a place of fixed size: a question waits for
// its answer like this, and there may be very many questions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "daemon/dissect/dissection.h"

namespace packetsentry::transactions {

// How fields are stored in bytes, for FieldStore.
namespace stored {

inline constexpr std::size_t kMost = 48;  // fields
using Room = std::array<dissect::Field, kMost>;

struct Outcome {
    std::uint16_t bytes = 0;  // that are used
    bool all = true;
};
[[nodiscard]] Outcome write(std::span<char> bytes, std::span<const dissect::Field> fields,
                            std::span<const dissect::FieldInfo* const> wanted);
[[nodiscard]] std::span<dissect::Field> read(std::span<const char> bytes, Room& room);
[[nodiscard]] std::span<dissect::Field> read(std::span<const char> bytes, Room& room,
                                             std::span<const dissect::FieldInfo* const> wanted);
// Tells whether write() can have written this, with no value too many.
[[nodiscard]] bool is_valid(std::span<const char> bytes, std::span<const dissect::FieldInfo* const> wanted);

}  // namespace stored

template <std::size_t bytes>
class FieldStore {
  public:
    static constexpr std::size_t kBytes = bytes;
    static constexpr std::size_t kMost = stored::kMost;
    static_assert(bytes <= UINT16_MAX);

    // Stores those of the fields that wanted has, in its order. A value for which there is no room is left
    // out, and so are all behind it of the same list, so that no list lacks a value in its middle. Returns
    // whether that was all of them. Fields of addresses cannot be stored.
    bool store(std::span<const dissect::Field> fields, std::span<const dissect::FieldInfo* const> wanted) {
        const stored::Outcome outcome = stored::write(bytes_, fields, wanted);
        size_ = outcome.bytes;
        return outcome.all;
    }
    void clear() { size_ = 0; }

    // What was stored. The texts refer to this object. The span lives as long as room.
    using Room = stored::Room;
    [[nodiscard]] std::span<dissect::Field> fields(Room& room) const { return stored::read(used(), room); }
    // Only those that wanted has.
    [[nodiscard]] std::span<dissect::Field> fields(Room& room,
                                                   std::span<const dissect::FieldInfo* const> wanted) const {
        return stored::read(used(), room, wanted);
    }

    // For flows::StateWriter and flows::StateReader. What was read must be valid().
    template <typename State>
    void pass(State& state) {
        state.template within<std::uint16_t>(size_, 0, kBytes);
        std::span<char> used_bytes(bytes_.data(), size_);
        state.bytes(used_bytes);
    }
    // Tells whether this is what store() can have stored, with no value too many.
    [[nodiscard]] bool valid(std::span<const dissect::FieldInfo* const> wanted) const {
        return stored::is_valid(used(), wanted);
    }

  private:
    [[nodiscard]] std::span<const char> used() const { return std::span(bytes_).first(size_); }

    std::uint16_t size_ = 0;
    std::array<char, kBytes> bytes_;
};

// What a question of DNS needs.
using StoredFields = FieldStore<768>;

}  // namespace packetsentry::transactions
