// A column of varints of a batch: a field that protobuf has parsed, or the bytes of a packed field, which are
// decoded when somebody asks for them.
//
// Searching the past looks at many columns of which it needs no number, or a single one. So the bytes stay as
// they are until numbers() is called, and pick() passes over the numbers that are not wanted without decoding
// them. Whatever the bytes are, there is a number for each index: if they are not what protobuf writes, the
// numbers are zeros, and broken() is true from then on.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>

namespace packetsentry::proto {

// Returns how many varints end in these bytes.
[[nodiscard]] std::size_t count_varints(std::string_view packed);
// Returns what stands behind so many varints; nothing if there are fewer.
[[nodiscard]] std::string_view skip_varints(std::string_view packed, std::size_t count);
// Reads the varint at the front and removes it. False: there is none, or it is longer than any.
[[nodiscard]] bool take_varint(std::string_view& packed, std::uint64_t& value);
// Decodes as many varints as to has places. False: there are fewer, or one of them is longer than any.
template <typename Number>
[[nodiscard]] bool decode_varints(std::string_view packed, std::span<Number> to);

// A sint64 is encoded so that small negative numbers are short, the others as they are. A varint may have
// more bits than the number; protobuf drops them.
template <std::integral Number>
[[nodiscard]] constexpr Number number_of_varint(std::uint64_t value) {
    if constexpr (std::is_signed_v<Number>)
        return static_cast<Number>((value >> 1) ^ (0 - (value & 1)));
    else
        return static_cast<Number>(value);
}

// Number: std::uint32_t, std::uint64_t, or std::int64_t for sint64. Used by one thread at a time if it is
// packed. What it was made of must outlive it unchanged.
template <typename Number>
class PackedColumn {
  public:
    PackedColumn() = default;
    explicit PackedColumn(const google::protobuf::RepeatedField<Number>& parsed)
        : size_(static_cast<std::size_t>(parsed.size())), numbers_(parsed.data()) {}
    explicit PackedColumn(std::string_view packed)
        : packed_(packed),
          size_(count_varints(packed)),
          broken_(!packed.empty() && static_cast<unsigned char>(packed.back()) >= 0x80) {}

    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool broken() const { return broken_; }

    [[nodiscard]] std::span<const Number> numbers() const {
        if (numbers_ == nullptr && size_ != 0) decode();
        return {numbers_, size_};
    }
    // i must be below size().
    [[nodiscard]] Number operator[](std::size_t i) const { return numbers()[i]; }

    // Gives the numbers at these indices to take(number). indices: ascending, each below size().
    template <typename Indices, typename Take>
    void pick(const Indices& indices, Take take) const {
        if (numbers_ != nullptr) {
            for (const auto index : indices) take(numbers_[index]);
            return;
        }
        std::string_view left = packed_;
        std::size_t at = 0;
        for (const auto index : indices) {
            std::uint64_t value = 0;
            left = skip_varints(left, index - at);
            broken_ |= !take_varint(left, value);
            at = std::size_t{index} + 1;
            take(number_of_varint<Number>(value));
        }
    }

  private:
    void decode() const {
        decoded_ = std::make_unique_for_overwrite<Number[]>(size_);
        const std::span<Number> to(decoded_.get(), size_);
        if (!decode_varints(packed_, to)) {
            broken_ = true;
            std::fill(to.begin(), to.end(), Number{0});
        }
        numbers_ = decoded_.get();
    }

    std::string_view packed_;
    std::size_t size_ = 0;
    mutable const Number* numbers_ = nullptr;  // null: not decoded yet, or there are none
    mutable std::unique_ptr<Number[]> decoded_;
    mutable bool broken_ = false;
};

}  // namespace packetsentry::proto
