// The first bytes of one direction of a TCP connection from some place on, put together in their order.
//
// Segments may come in another order, again, and with other bytes than before: what was first at a place
// stays, except that what lies behind a gap may be written once more before the gap is closed.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "daemon/flows/stream_coverage.h"

namespace packetsentry::transactions {

class StreamStart {
  public:
    static constexpr std::size_t kBytes = 16 * 1024;

    // Forgets everything. sequence: of the first byte.
    void begin(std::uint32_t sequence) {
        sequence_ = sequence;
        coverage_ = flows::StreamCoverage(0);
    }
    // What lies before the beginning, or beyond kBytes, is left out.
    void add(std::uint32_t sequence, std::span<const std::byte> bytes) {
        const auto before = static_cast<std::int32_t>(sequence_ - sequence);
        std::size_t at = before > 0 ? 0 : std::size_t{sequence - sequence_};
        bytes = bytes.subspan(std::min(bytes.size(), before > 0 ? static_cast<std::size_t>(before) : 0));
        if (at >= kBytes || coverage_.merged()) return;
        bytes = bytes.first(std::min(bytes.size(), kBytes - at));
        if (bytes.empty()) return;
        const std::size_t known = whole().size();
        if (coverage_.add(at, static_cast<std::uint32_t>(bytes.size())) ==
            flows::StreamCoverage::Seen::before)
            return;
        const std::size_t kept = known > at ? known - at : 0;
        at += kept;
        std::ranges::copy(bytes.subspan(kept), bytes_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    // Up to the first gap.
    [[nodiscard]] std::span<const std::byte> whole() const {
        if (coverage_.merged()) return {};
        return std::span(bytes_).first(static_cast<std::size_t>(coverage_.whole()));
    }
    [[nodiscard]] bool full() const { return whole().size() == kBytes; }

  private:
    std::uint32_t sequence_ = 0;
    flows::StreamCoverage coverage_{0};
    std::array<std::byte, kBytes> bytes_;
};

}  // namespace packetsentry::transactions
