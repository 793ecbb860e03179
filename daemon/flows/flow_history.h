// What happened in a flow, in order, as one letter an event: Zeek's "history".
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace packetsentry::flows {

// Events that are told once for a side, or again only where they really happened again.
enum class FlowEvent : std::uint8_t { syn, fin, rst, fin_and_rst, other_flags, data, ack, inconsistent };

class FlowHistory {
  public:
    // Letters beyond this are left out. A side repeats a letter only for each tenfold of an event, or with
    // control segments that differ, so that only forged flows have more.
    static constexpr std::size_t kLimit = 30;

    void add(char letter) {
        if (size_ < kLimit)
            text_[size_++] = letter;
        else
            cut_ = true;
    }
    // Adds the letter for the first such event of this side. Returns whether there was one before.
    bool add_first(FlowEvent event, bool of_originator, char letter) {
        const auto bit = static_cast<std::uint16_t>(1U << (2 * static_cast<unsigned>(event) + of_originator));
        if ((seen_ & bit) != 0) return true;
        seen_ = static_cast<std::uint16_t>(seen_ | bit);
        add(letter);
        return false;
    }
    // The flow was found to have begun in the other direction, before anything else is known of it.
    void begin_again(std::string_view letters) {
        size_ = 0;
        for (const char letter : letters) add(letter);
        seen_ = static_cast<std::uint16_t>((seen_ & kOriginator) >> 1 | (seen_ & kOriginator >> 1) << 1);
    }

    [[nodiscard]] std::string_view text() const { return {text_.data(), size_}; }
    [[nodiscard]] bool cut() const { return cut_; }

    template <typename Bytes>
    void pass(Bytes& bytes) {  // see StateReader
        bytes.template within<std::uint8_t>(size_, 0, kLimit);
        bytes.bytes(text_);
        bytes.flag(cut_);
        bytes.number(seen_);
    }
    // Tells whether the text is one, after it was passed.
    [[nodiscard]] bool valid() const {
        return std::ranges::all_of(text(), [](char letter) { return letter > ' ' && letter <= '~'; });
    }

  private:
    static constexpr std::uint16_t kOriginator = 0xAAAA;

    std::array<char, kLimit> text_{};
    std::uint8_t size_ = 0;
    bool cut_ = false;
    std::uint16_t seen_ = 0;  // two bits an event: of the responder, of the originator
};

// An event that is worth a letter when it happens for the first time, and then for each tenfold of that.
class ScaledEvent {
  public:
    // Returns whether this one is worth a letter.
    bool happens() {
        if (++count_ != next_) return false;
        if (next_ < UINT32_MAX / 10) next_ *= 10;
        return true;
    }
    [[nodiscard]] std::uint32_t count() const { return count_; }

    template <typename Bytes>
    void pass(Bytes& bytes) {  // see StateReader
        bytes.number(count_);
        bytes.number(next_);
    }

  private:
    std::uint32_t count_ = 0;
    std::uint32_t next_ = 1;
};

}  // namespace packetsentry::flows
