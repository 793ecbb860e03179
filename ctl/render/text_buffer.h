// Text under construction: grows, never shrinks, and is reused from batch to batch.
#pragma once

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace packetsentry::ctl::render {

// Unlike std::string it does not clear what it is about to overwrite; a row costs a few copies.
class TextBuffer {
  public:
    void clear() { size_ = 0; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] std::size_t size() const { return size_; }
    // Valid until the next change.
    [[nodiscard]] std::string_view view() const { return {data_.get(), size_}; }
    [[nodiscard]] std::string_view since(std::size_t begin) const { return view().substr(begin); }

    void append(std::string_view text) {
        if (text.empty()) return;  // its data may be null
        reserve(text.size());
        std::memcpy(data_.get() + size_, text.data(), text.size());
        size_ += text.size();
    }
    // All of them, with one look at the room there is.
    template <typename... Parts>
    requires(sizeof...(Parts) > 1 &&
             (std::convertible_to<Parts, std::string_view> && ...)) void append(const Parts&... parts) {
        append_views(std::string_view(parts)...);
    }
    void append(char c) {
        reserve(1);
        data_[size_++] = c;
    }
    void append_number(std::uint64_t number) {
        constexpr std::size_t kDigits = 20;
        reserve(kDigits);
        char* const begin = data_.get() + size_;
        size_ += static_cast<std::size_t>(std::to_chars(begin, begin + kDigits, number).ptr - begin);
    }

  private:
    template <typename... Views>
    void append_views(Views... views) {
        reserve((views.size() + ...));
        char* out = data_.get() + size_;
        (static_cast<void>(out = std::copy(views.begin(), views.end(), out)), ...);
        size_ = static_cast<std::size_t>(out - data_.get());
    }
    void reserve(std::size_t more) {
        if (capacity_ - size_ < more) grow(more);
    }
    void grow(std::size_t more) {
        capacity_ = std::max(2 * capacity_, size_ + more + 1024);
        auto bigger = std::make_unique_for_overwrite<char[]>(capacity_);
        if (size_ != 0) std::memcpy(bigger.get(), data_.get(), size_);
        data_ = std::move(bigger);
    }

    std::unique_ptr<char[]> data_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace packetsentry::ctl::render
