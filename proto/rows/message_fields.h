// The fields of a serialized message one after the other, as protobuf encodes them (protobuf.dev/
// programming-guides/encoding): a number with the kind of the value in its lowest three bits, and then the
// value. Nothing is copied, and every length is checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "proto/rows/fixed_numbers.h"

namespace packetsentry::proto {

class MessageFields {
  public:
    enum Kind : std::uint8_t { varint = 0, eight_bytes = 1, text = 2, four_bytes = 5 };

    explicit MessageFields(std::string_view bytes) : left_(bytes) {}

    [[nodiscard]] bool at_end() const { return left_.empty() && !failed_; }
    // False at the end, and where the bytes are no message.
    [[nodiscard]] bool next() {
        if (left_.empty() || failed_) return false;
        const std::uint64_t tag = read_number(kShortNumber);
        field_ = tag >> 3;
        kind_ = static_cast<std::uint8_t>(tag & 7);
        read_value();
        return !failed_;
    }
    [[nodiscard]] std::uint64_t field() const { return field_; }
    // A value of another kind than the field has is none of the field's.
    [[nodiscard]] std::uint8_t kind() const { return kind_; }
    [[nodiscard]] bool is_text(int field) const {
        return field_ == static_cast<std::uint64_t>(field) && kind_ == text;
    }
    // The bytes of a text, to which it refers.
    [[nodiscard]] std::string_view value() const { return value_; }
    // The value of a varint or of eight bytes.
    [[nodiscard]] std::uint64_t number() const { return number_; }

  private:
    // Protobuf takes no more bytes for a tag or a size, and so many for a value.
    static constexpr unsigned kShortNumber = 5, kLongNumber = 10;

    [[nodiscard]] std::uint64_t read_number(unsigned most_bytes) {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 7 * most_bytes && !left_.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(left_.front());
            left_.remove_prefix(1);
            value |= std::uint64_t{byte & 0x7FU} << shift;
            if (byte < 0x80) return value;
        }
        failed_ = true;
        return 0;
    }
    [[nodiscard]] std::string_view take(std::uint64_t size) {
        failed_ |= size > left_.size();
        if (failed_) return {};
        const std::string_view taken = left_.substr(0, static_cast<std::size_t>(size));
        left_.remove_prefix(taken.size());
        return taken;
    }
    void read_value() {
        if (kind_ == varint) {
            number_ = read_number(kLongNumber);
        } else if (kind_ == eight_bytes) {
            const std::string_view bytes = take(sizeof number_);
            number_ = failed_ ? 0 : number_at<std::uint64_t>(bytes, 0);
        } else if (kind_ == four_bytes) {
            (void)take(sizeof(std::uint32_t));
        } else if (kind_ == text) {
            value_ = take(read_number(kShortNumber));
        } else {
            failed_ = true;
        }
    }

    std::string_view left_;
    std::uint64_t field_ = 0;
    std::uint8_t kind_ = varint;
    std::string_view value_;
    std::uint64_t number_ = 0;
    bool failed_ = false;
};

}  // namespace packetsentry::proto
