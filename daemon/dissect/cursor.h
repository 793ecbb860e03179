// The one way to read bytes from the wire: bounds-checked, big-endian, never throwing.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace packetsentry::dissect {

// A header of fixed size, there as a whole: what is read of it is checked while compiling.
template <std::size_t Size>
class FixedHeader {
  public:
    explicit FixedHeader(std::span<const std::byte, Size> bytes) : bytes_(bytes) {}

    template <std::size_t At>
    [[nodiscard]] std::uint8_t u8() const {
        static_assert(At < Size);
        return std::to_integer<std::uint8_t>(bytes_[At]);
    }
    template <std::size_t At>
    [[nodiscard]] std::uint16_t u16() const {
        static_assert(At + 2 <= Size);
        std::uint16_t value = 0;
        std::memcpy(&value, bytes_.data() + At, sizeof value);
        return std::endian::native == std::endian::little ? std::byteswap(value) : value;
    }
    template <std::size_t At>
    [[nodiscard]] std::uint32_t u32() const {
        static_assert(At + 4 <= Size);
        std::uint32_t value = 0;
        std::memcpy(&value, bytes_.data() + At, sizeof value);
        return std::endian::native == std::endian::little ? std::byteswap(value) : value;
    }
    template <std::size_t At, std::size_t Count>
    [[nodiscard]] std::span<const std::byte, Count> take() const {
        return bytes_.template subspan<At, Count>();
    }

  private:
    std::span<const std::byte, Size> bytes_;
};

// Reading past the end gives zeros and makes the cursor failed for good, so a parser reads a whole
// header and asks once. A cut cursor ends before the packet did, at the snapshot length or at the end of
// a first fragment: running out of it says nothing about the sender, so malformed() is false then,
// unless it is known how much is missing and even with that there would not have been enough.
class Cursor {
  public:
    Cursor() = default;
    explicit Cursor(std::span<const std::byte> bytes, bool cut = false) : bytes_(bytes), open_(cut) {}
    // The frame's captured bytes; wire_bytes is its length on the wire.
    [[nodiscard]] static Cursor of_frame(std::span<const std::byte> frame, std::size_t wire_bytes) {
        Cursor cursor(frame);
        cursor.missing_ = wire_bytes > frame.size() ? wire_bytes - frame.size() : 0;
        return cursor;
    }

    [[nodiscard]] std::size_t remaining() const { return bytes_.size() - position_; }
    [[nodiscard]] std::size_t position() const { return position_; }
    [[nodiscard]] bool empty() const { return remaining() == 0; }
    [[nodiscard]] bool has(std::size_t size) const { return remaining() >= size; }
    [[nodiscard]] bool cut() const { return missing_ != 0 || open_; }
    // More of it travels elsewhere, as mark_cut() said.
    [[nodiscard]] bool goes_on() const { return open_; }
    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] bool malformed() const { return malformed_; }
    // What is left, with what was cut off here; without what travels elsewhere.
    [[nodiscard]] std::size_t remaining_on_wire() const { return remaining() + missing_; }
    // Tells whether so many bytes are left, counting those that were cut off. Any number may be left where
    // nobody knows how many those are.
    [[nodiscard]] bool fits(std::size_t size) const {
        return size <= remaining() || may_lack(size - remaining());
    }
    // More of it travels elsewhere, nobody knows how much.
    void mark_cut() { open_ = true; }

    std::uint8_t u8() {
        if (empty()) {
            fail_lacking(1);
            return 0;
        }
        return std::to_integer<std::uint8_t>(bytes_[position_++]);
    }
    std::uint16_t u16() { return big_endian<std::uint16_t>(); }
    std::uint32_t u24() {
        if (!has(3)) {
            fail_lacking(3 - remaining());
            return 0;
        }
        const std::uint32_t high = u8();
        return high << 16 | u16();
    }
    std::uint32_t u32() { return big_endian<std::uint32_t>(); }
    std::uint64_t u64() { return big_endian<std::uint64_t>(); }
    std::uint16_t u16_little() { return std::byteswap(u16()); }
    std::uint32_t u32_little() { return std::byteswap(u32()); }

    // size bytes, or none (failed).
    std::span<const std::byte> take(std::size_t size) {
        if (!has(size)) {
            fail_lacking(size - remaining());
            return kNothing;
        }
        const auto taken = bytes_.subspan(position_, size);
        position_ += size;
        return taken;
    }
    void skip(std::size_t size) { (void)take(size); }
    // Takes so many bytes, where the size is known when this is compiled; gives zeros where fewer are left
    // (failed).
    template <std::size_t Size>
    std::span<const std::byte, Size> take() {
        static constexpr std::array<std::byte, Size> kZeros{};
        if (!has(Size)) {
            fail_lacking(Size - remaining());
            return kZeros;
        }
        const std::span<const std::byte, Size> taken(bytes_.data() + position_, Size);
        position_ += Size;
        return taken;
    }

    template <std::size_t Size>
    FixedHeader<Size> header() {
        return FixedHeader<Size>(take<Size>());
    }

    // A cursor over the next size bytes. Where fewer are there it covers those, and this one is failed:
    // where the rest was cut off the inner one is cut, otherwise both are malformed.
    Cursor sub(std::size_t size) {
        const std::size_t there = std::min(size, remaining());
        Cursor inner(bytes_.subspan(position_, there));
        if (there < size) {
            inner.missing_ = open_ ? size - there : std::min(size - there, missing_);
            fail_lacking(size - there);
            inner.failed_ = inner.malformed_ = malformed_;
        } else {
            position_ += there;
        }
        return inner;
    }
    // Forgets what lies behind the next size bytes. Where fewer are there they stay, cut if the rest was
    // cut off. false: there were fewer even on the wire, the sender is wrong.
    [[nodiscard]] bool narrow(std::size_t size) {
        const std::size_t there = remaining();
        if (size <= there) {
            bytes_ = bytes_.first(position_ + size);
            missing_ = 0;
        } else if (may_lack(size - there)) {
            missing_ = size - there;
        } else {
            return false;
        }
        open_ = false;
        return true;
    }
    // Everything left; inherits cut.
    Cursor rest() {
        Cursor inner(bytes_.subspan(position_));
        inner.missing_ = missing_;
        inner.open_ = open_;
        position_ = bytes_.size();
        return inner;
    }

    // A look ahead without moving; zeros past the end, which is no failure.
    [[nodiscard]] std::uint8_t peek(std::size_t offset = 0) const {
        return offset < remaining() ? std::to_integer<std::uint8_t>(bytes_[position_ + offset])
                                    : std::uint8_t{0};
    }
    // What is left, as bytes and as characters.
    [[nodiscard]] std::span<const std::byte> left() const { return bytes_.subspan(position_); }
    [[nodiscard]] std::string_view left_text() const {
        return {reinterpret_cast<const char*>(bytes_.data()) + position_, remaining()};
    }

    // What was read makes no sense. Of a cut cursor it is not held against the sender.
    void fail() {
        failed_ = true;
        malformed_ |= !cut();
        position_ = bytes_.size();
    }

  private:
    // Empty, yet not at null: callers may copy from it.
    static constexpr std::byte kZero{};
    static constexpr std::span<const std::byte> kNothing{&kZero, 0};

    [[nodiscard]] bool may_lack(std::size_t size) const { return open_ || size <= missing_; }

    void fail_lacking(std::size_t size) {
        failed_ = true;
        malformed_ |= !may_lack(size);
        position_ = bytes_.size();
    }

    template <typename Number>
    Number big_endian() {
        if (!has(sizeof(Number))) {
            fail_lacking(sizeof(Number) - remaining());
            return 0;
        }
        Number value = 0;
        std::memcpy(&value, bytes_.data() + position_, sizeof value);
        position_ += sizeof value;
        if constexpr (std::endian::native == std::endian::little) value = std::byteswap(value);
        return value;
    }

    std::span<const std::byte> bytes_;
    std::size_t position_ = 0;
    std::size_t missing_ = 0;  // bytes cut off behind the last
    bool open_ = false;        // behind those there are more, nobody knows how many
    bool failed_ = false;
    bool malformed_ = false;
};

}  // namespace packetsentry::dissect
