// The bytes in which a worker passes what has not ended on to the one that follows it
// (give_away() of FlowTable, transactions::DnsQuestions and transactions::HttpExchanges).
//
// A class that has state names its members once, in a function that takes either of the two classes below,
// so that what is written and what is read cannot differ:
//
//     template <typename Bytes>
//     void pass(Bytes& bytes) {
//         bytes.number(count_);
//         bytes.within(offset_, -kFarthest, kFarthest);
//     }
//
// Both workers are the same program on the same machine, so numbers stand there as they are in memory. But
// the first worker may have been taken over by an attacker. So the reader checks all that the code relies on:
// each class says the ranges of its numbers in pass(), and what holds between them in a function of its own.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "daemon/base/address.h"

namespace packetsentry::flows {

// Passed offsets in streams and times do not lie beyond these, so that differences of two can be computed.
inline constexpr std::int64_t kPassedOffset = std::int64_t{1} << 60;
inline constexpr std::int64_t kPassedTime = (std::int64_t{1} << 62) - 1;  // in the year 2116

class StateWriter {
  public:
    static constexpr bool kReads = false;

    explicit StateWriter(std::string& to) : to_(to) {}

    template <std::integral T>
    void number(const T& value) {
        static_assert(!std::is_same_v<T, bool>, "a flag");
        to_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    template <std::integral T>
    void within(const T& value, T /*low*/, T /*high*/) {
        number(value);
    }
    void flag(const bool& value) { to_.push_back(value ? 1 : 0); }
    template <typename Enum>
    void word(const Enum& value, Enum /*last*/) {
        number(static_cast<std::underlying_type_t<Enum>>(value));
    }
    template <typename Bytes>  // a std::array of bytes or characters
    void bytes(const Bytes& value) {
        to_.append(reinterpret_cast<const char*>(value.data()), value.size());
    }
    // At most 255 bytes.
    void text(std::string_view value) {
        number(static_cast<std::uint8_t>(value.size()));
        to_.append(value);
    }
    // An address of IPv4 or IPv6.
    void address(const base::Address& value) {
        number(value.size);
        bytes(value.bytes);
    }

  private:
    std::string& to_;
};

// After the first failure, and already the value that failed, all that is read is 0.
class StateReader {
  public:
    static constexpr bool kReads = true;

    // from: must remain live while this reader is in use.
    explicit StateReader(std::string_view from) : from_(from) {}

    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] bool at_end() const { return from_.empty(); }
    void fail() { good_ = false; }
    // What must be so for the state to be one.
    void require(bool condition) { good_ = good_ && condition; }

    template <std::integral T>
    void number(T& value) {
        static_assert(!std::is_same_v<T, bool>, "a flag");
        copy(&value, sizeof value);
    }
    template <std::integral T>
    void within(T& value, T low, T high) {
        number(value);
        require(low <= value && value <= high);
        if (!good_) value = T{};
    }
    void flag(bool& value) {
        std::uint8_t byte = 0;
        within<std::uint8_t>(byte, 0, 1);
        value = byte == 1;
    }
    // last: the enumerators are 0 to this one.
    template <typename Enum>
    void word(Enum& value, Enum last) {
        std::underlying_type_t<Enum> number = 0;
        within<std::underlying_type_t<Enum>>(number, 0, static_cast<std::underlying_type_t<Enum>>(last));
        value = good_ ? static_cast<Enum>(number) : Enum{};
    }
    template <typename Bytes>
    void bytes(Bytes& value) {
        copy(value.data(), value.size());
    }
    // Valid as long as what is read from.
    void text(std::string_view& value) {
        std::uint8_t size = 0;
        number(size);
        require(from_.size() >= size);
        value = good_ ? from_.substr(0, size) : std::string_view();
        from_.remove_prefix(value.size());
    }
    void address(base::Address& value) {
        std::uint8_t size = 0;
        number(size);
        bytes(value.bytes);
        require(size == kIpv4Bytes || size == kIpv6Bytes);
        // Bytes that are not used are zero here.
        value = base::Address::from(std::span(value.bytes).first(good_ ? size : 0));
    }

  private:
    static constexpr std::uint8_t kIpv4Bytes = 4;
    static constexpr std::uint8_t kIpv6Bytes = 16;

    void copy(void* to, std::size_t size) {
        require(from_.size() >= size);
        if (!good_) {
            std::memset(to, 0, size);
            return;
        }
        std::memcpy(to, from_.data(), size);
        from_.remove_prefix(size);
    }

    std::string_view from_;
    bool good_ = true;
};

}  // namespace packetsentry::flows
