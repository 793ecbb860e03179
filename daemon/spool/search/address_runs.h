// The addresses of a batch's dictionary, so that many of them can be compared at once.
//
// They stand one behind the other, and a byte tells the size of each. Nearly all have the size of the one
// before, so addresses of one size are numbers in an array.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace packetsentry::spool {

// Adjacent addresses that have one size.
struct AddressRun {
    std::size_t first = 0;  // its place in the dictionary, counted from 0
    std::size_t size = 0;   // bytes of each
    std::string_view addresses = {};

    // For a size that is not 0, which is for whoever has a size that is sought.
    [[nodiscard]] std::size_t count() const { return addresses.size() / size; }
    [[nodiscard]] std::string_view address(std::size_t i) const { return addresses.substr(i * size, size); }
};

class AddressRuns {
  public:
    // addresses: as many bytes as the sizes are together.
    AddressRuns(std::string_view addresses, std::string_view sizes) : addresses_(addresses), sizes_(sizes) {}

    // False: there are no more.
    [[nodiscard]] bool next(AddressRun& run) {
        if (at_ == sizes_.size()) return false;
        const std::size_t end = end_of_run();
        run.first = at_;
        run.size = static_cast<unsigned char>(sizes_[at_]);
        run.addresses = addresses_.substr(begin_, (end - at_) * run.size);
        begin_ += run.addresses.size();
        at_ = end;
        return true;
    }

  private:
    [[nodiscard]] std::size_t end_of_run() const {
        std::array<char, 32> same{};
        same.fill(sizes_[at_]);
        std::size_t end = at_ + 1;
        while (sizes_.size() - end >= same.size() &&
               std::memcmp(sizes_.data() + end, same.data(), same.size()) == 0)
            end += same.size();
        while (end < sizes_.size() && sizes_[end] == sizes_[at_]) ++end;
        return end;
    }

    std::string_view addresses_, sizes_;
    std::size_t at_ = 0;     // of the next run in the sizes
    std::size_t begin_ = 0;  // of its addresses
};

// Calls take(i) for each IPv4 address of the run that has these bits where the mask has ones, until it
// returns false. mask, bits: as they stand in the bytes.
template <typename Take>
void for_each_ipv4(const AddressRun& run, std::uint32_t mask, std::uint32_t bits, Take take) {
    constexpr std::size_t kTogether = 16;
    for (std::size_t begin = 0; begin < run.count(); begin += kTogether) {
        const std::size_t count = std::min(kTogether, run.count() - begin);
        // Those that are not there differ from the bits.
        std::array<std::uint32_t, kTogether> differences{};
        differences.fill(~bits);
        std::memcpy(differences.data(), run.addresses.data() + begin * sizeof bits, count * sizeof bits);
        std::uint32_t any = 0;
        for (std::uint32_t& address : differences) {
            address = (address & mask) ^ bits;
            any |= std::uint32_t{address == 0};
        }
        if (any == 0) continue;
        for (std::size_t i = 0; i < count; ++i)
            if (differences[i] == 0 && !take(begin + i)) return;
    }
}

}  // namespace packetsentry::spool
