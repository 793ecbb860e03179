// The packets in an input of the targets that put conversations together: a byte that says how much later
// each is, two bytes of its length, and an Ethernet frame.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>

#include "daemon/dissect/application/quic_connections.h"
#include "daemon/dissect/dissect.h"
#include "daemon/flows/flow_packet.h"
#include "daemon/flows/usual_frame.h"

namespace packetsentry::fuzz {

inline void promise(bool kept) {
    if (!kept) std::abort();
}

inline std::size_t byte_at(std::span<const std::byte> input, std::size_t at) {
    return std::to_integer<std::size_t>(input[at]);
}

class FlowPackets {
  public:
    explicit FlowPackets(std::span<const std::byte> input) : input_(input) { dissection_.quic = &quic_; }
    ~FlowPackets() { dissection_.quic = nullptr; }
    FlowPackets(const FlowPackets&) = delete;
    FlowPackets& operator=(const FlowPackets&) = delete;

    // Reads the next one; there may be no more.
    [[nodiscard]] bool next() {
        if (input_.size() < kHeader) return false;
        constexpr std::uint32_t kEthernet = 1;
        code_ = byte_at(input_, 0);
        now_ns_ += later(code_);
        const std::size_t length =
            std::min(byte_at(input_, 1) << 8 | byte_at(input_, 2), input_.size() - kHeader);
        const auto frame = input_.subspan(kHeader, length);
        input_ = input_.subspan(kHeader + length);
        next_key_ = flows::key_of_usual_frame(input_, kEthernet);
        dissect::dissect(frame, frame.size(), kEthernet, dissection_);
        levels_ = reader_.read_levels(dissection_, now_ns_, ++number_);
        promise(levels_.size() <= flows::FlowPacketReader::kLevels);
        return true;
    }
    [[nodiscard]] std::span<const flows::FlowPacket> levels() const { return levels_; }
    [[nodiscard]] const dissect::Dissection& dissection() const { return dissection_; }
    // Perhaps that of the next packet: it is read from what lies behind this one.
    [[nodiscard]] const std::optional<flows::FlowKey>& next_key() const { return next_key_; }
    [[nodiscard]] std::int64_t now_ns() const { return now_ns_; }
    // The byte that says how much later it is.
    [[nodiscard]] std::size_t code() const { return code_; }

  private:
    static constexpr std::size_t kHeader = 3;

    // It is large, and whoever needs it resets it.
    static dissect::Dissection& one_for_all() {
        static dissect::Dissection dissection;
        return dissection;
    }

    // Seldom the clock is set back, and sometimes everything that waits ends.
    static std::int64_t later(std::size_t code) {
        constexpr std::int64_t kSecond = 1'000'000'000;
        if (code >= 0xF8) return -static_cast<std::int64_t>(code) * kSecond;
        return code >= 0xE0 ? static_cast<std::int64_t>(code) * 40 * kSecond
                            : static_cast<std::int64_t>(code) * 100'000;
    }

    std::span<const std::byte> input_;
    std::span<const flows::FlowPacket> levels_;
    std::optional<flows::FlowKey> next_key_;
    flows::FlowPacketReader reader_;
    dissect::QuicConnections quic_{7};
    dissect::Dissection& dissection_ = one_for_all();
    std::int64_t now_ns_ = 0;
    std::uint64_t number_ = 0;
    std::size_t code_ = 0;
};

}  // namespace packetsentry::fuzz
