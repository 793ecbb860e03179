#include "daemon/spool/search/row_options.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "daemon/spool/search/address_runs.h"

namespace packetsentry::spool {
namespace {

using base::PacketKind;
using proto::BatchView;

// ARP for other networks than IPv4, or broken, has no addresses that the dissector could tell.
bool is_arp(const BatchView& view, std::uint32_t row) {
    return view.network(row) == wire::NETWORK_ARP ||
           (view.network(row) == wire::NETWORK_NONE && view.protocol(row).word() == "ARP");
}

bool is_of_network(const BatchView& view, std::uint32_t row, PacketKind::Network network) {
    const bool ipv4 = view.network(row) == wire::NETWORK_IPV4;
    const bool ipv6 = view.network(row) == wire::NETWORK_IPV6;
    switch (network) {
        case PacketKind::Network::ipv4:
            return ipv4;
        case PacketKind::Network::ipv6:
            return ipv6;
        case PacketKind::Network::arp:
            return is_arp(view, row);
        case PacketKind::Network::any:
            break;
    }
    return ipv4 || ipv6;
}

bool has_port(const BatchView& view, std::uint32_t row, std::uint16_t port) {
    return view.flag(row, wire::FLAG_PORTS) &&
           (view.source_port(row) == port || view.destination_port(row) == port);
}

bool is_of_kind(const BatchView& view, std::uint32_t row, const PacketKind& kind) {
    return is_of_network(view, row, kind.network) &&
           (kind.ip_protocol == 0 || view.ip_protocol(row) == kind.ip_protocol) &&
           (kind.port == 0 || has_port(view, row, kind.port));
}

// A prefix that is asked of many addresses: as two numbers, and not byte by byte.
class PrefixBits {
  public:
    explicit PrefixBits(const base::AddressPrefix& prefix) : size_(prefix.address.size) {
        std::array<unsigned char, kLongestAddress> mask{}, bits{};
        for (std::size_t i = 0; i < kLongestAddress; ++i) {
            const int left = std::clamp(prefix.bits - static_cast<int>(8 * i), 0, 8);
            mask[i] = static_cast<unsigned char>(0xFF00 >> left);
            bits[i] = std::to_integer<unsigned char>(prefix.address.bytes[i]) & mask[i];
        }
        std::memcpy(mask_.data(), mask.data(), kLongestAddress);
        std::memcpy(bits_.data(), bits.data(), kLongestAddress);
    }
    // Calls take(i) for each address of the run that has the prefix.
    template <typename Take>
    void for_each_of(const AddressRun& run, Take take) const {
        if (run.size != size_) return;
        if (size_ == sizeof(std::uint32_t))
            return for_each_ipv4(run, first_of(mask_), first_of(bits_), [&take](std::size_t i) {
                take(i);
                return true;
            });
        for (std::size_t i = 0; i < run.count(); ++i)
            if (has(run.address(i))) take(i);
    }

  private:
    static constexpr std::size_t kLongestAddress = 16;
    using Words = std::array<std::uint64_t, 2>;

    [[nodiscard]] static std::uint32_t first_of(const Words& words) {
        std::uint32_t bytes = 0;
        std::memcpy(&bytes, words.data(), sizeof bytes);
        return bytes;
    }
    // address: as many bytes as the prefix is of.
    [[nodiscard]] bool has(std::string_view address) const {
        Words bytes{};
        std::memcpy(bytes.data(), address.data(), std::min(size_, kLongestAddress));
        return (((bytes[0] & mask_[0]) ^ bits_[0]) | ((bytes[1] & mask_[1]) ^ bits_[1])) == 0;
    }

    std::size_t size_;
    Words mask_, bits_;
};

// A single address, for which a comparison is quicker than a table. Rows are compared many at once, in
// arrays to which, as the compiler sees, nothing else refers.
void keep_slot(const BatchView& view, std::uint16_t slot, std::span<std::uint8_t> mask) {
    constexpr std::size_t kTogether = 64;
    const std::string_view source = view.fields().source, destination = view.fields().destination;
    const std::uint16_t sought = proto::little_endian(slot);
    std::size_t row = 0;
    for (; mask.size() - row >= kTogether; row += kTogether) {
        std::array<std::uint16_t, kTogether> sources{}, destinations{};
        std::array<std::uint8_t, kTogether> marks{};
        std::memcpy(sources.data(), source.data() + row * proto::kShortBytes, sizeof sources);
        std::memcpy(destinations.data(), destination.data() + row * proto::kShortBytes, sizeof destinations);
        std::memcpy(marks.data(), mask.data() + row, sizeof marks);
        for (std::size_t i = 0; i < kTogether; ++i)
            marks[i] &= static_cast<std::uint8_t>(unsigned{sources[i] == sought} |
                                                  unsigned{destinations[i] == sought});
        std::memcpy(mask.data() + row, marks.data(), sizeof marks);
    }
    for (; row < mask.size(); ++row)
        mask[row] &= static_cast<std::uint8_t>(unsigned{proto::short_at(source, row) == slot} |
                                               unsigned{proto::short_at(destination, row) == slot});
}

}  // namespace

void RowOptions::keep(const BatchView& view, std::span<std::uint8_t> mask) {
    if (options_.address) keep_addresses(view, mask);
    if (!options_.kinds.empty()) keep_kinds(view, mask);
    if (options_.port == 0) return;
    for (std::uint32_t row = 0; row < mask.size(); ++row)
        if (mask[row] != 0 && !has_port(view, row, options_.port)) mask[row] = 0;
}

void RowOptions::keep_kinds(const BatchView& view, std::span<std::uint8_t> mask) const {
    for (std::uint32_t row = 0; row < mask.size(); ++row) {
        if (mask[row] == 0) continue;
        const auto is_of = [&](const PacketKind& kind) { return is_of_kind(view, row, kind); };
        if (std::ranges::none_of(options_.kinds, is_of)) mask[row] = 0;
    }
}

void RowOptions::keep_addresses(const BatchView& view, std::span<std::uint8_t> mask) {
    slots_.assign(view.address_slots() + std::size_t{1}, 0);
    std::size_t in = 0, last = 0;
    const PrefixBits prefix(*options_.address);
    AddressRuns runs(view.fields().address, view.fields().address_size);
    for (AddressRun run; runs.next(run);)
        prefix.for_each_of(run, [&](std::size_t i) {
            last = run.first + i + 1;
            slots_[last] = 1;
            ++in;
        });
    if (in == 1) return keep_slot(view, static_cast<std::uint16_t>(last), mask);
    for (std::uint32_t row = 0; row < mask.size(); ++row)
        mask[row] &= static_cast<std::uint8_t>(slots_[view.source(row)] | slots_[view.destination(row)]);
}

}  // namespace packetsentry::spool
