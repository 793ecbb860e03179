#include "proto/flows/community_id.h"

#include <nettle/base64.h>
#include <nettle/sha1.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace packetsentry::flows {
namespace {

constexpr std::string_view kVersionOne = "1:";

// What is hashed: the seed, two addresses, the protocol with a zero byte, and two ports.
class HashedBytes {
  public:
    void add(std::span<const std::uint8_t> bytes) {
        std::ranges::copy(bytes, bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
        size_ += bytes.size();
    }
    void add(const base::Address& address) {
        add(std::span(reinterpret_cast<const std::uint8_t*>(address.bytes.data()), address.size));
    }
    void add(std::uint16_t port) {
        add(std::array{static_cast<std::uint8_t>(port >> 8), static_cast<std::uint8_t>(port)});
    }
    [[nodiscard]] CommunityHash hash() const {
        sha1_ctx context;
        sha1_init(&context);
        sha1_update(&context, size_, bytes_.data());
        CommunityHash digest{};
        sha1_digest(&context, digest.size(), digest.data());
        return digest;
    }

  private:
    std::array<std::uint8_t, 2 + 16 + 16 + 2 + 4> bytes_{};
    std::size_t size_ = 0;
};

}  // namespace

CommunityHash community_hash(const FlowTuple& tuple) {
    const bool turned = !tuple.one_way && is_lower(tuple.destination, tuple.source);
    const FlowEnd& low = turned ? tuple.destination : tuple.source;
    const FlowEnd& high = turned ? tuple.source : tuple.destination;
    HashedBytes bytes;
    bytes.add(std::uint16_t{0});
    bytes.add(low.address);
    bytes.add(high.address);
    bytes.add(std::array{tuple.ip_protocol, std::uint8_t{0}});
    if (has_ports(tuple.ip_protocol)) {
        bytes.add(low.port);
        bytes.add(high.port);
    }
    return bytes.hash();
}

CommunityText community_text(const CommunityHash& hash) {
    static_assert(kVersionOne.size() + BASE64_ENCODE_RAW_LENGTH(CommunityHash().size()) ==
                  CommunityText().size());
    CommunityText text{};
    std::ranges::copy(kVersionOne, text.begin());
    base64_encode_raw(text.data() + kVersionOne.size(), hash.size(), hash.data());
    return text;
}

std::string community_id(const CommunityHash& hash) {
    const CommunityText text = community_text(hash);
    return {text.data(), text.size()};
}

// Base64 has several texts for some bytes, and a decoder ignores blanks. An identifier is only the text that
// community_text() gives.
std::optional<CommunityHash> parse_community_id(std::string_view text) {
    if (text.size() != CommunityText().size() || !text.starts_with(kVersionOne)) return std::nullopt;
    base64_decode_ctx decoder;
    base64_decode_init(&decoder);
    const std::string_view digits = text.substr(kVersionOne.size());
    std::array<std::uint8_t, BASE64_DECODE_LENGTH(CommunityText().size())> bytes{};
    std::size_t count = bytes.size();
    const bool decoded =
        base64_decode_update(&decoder, &count, bytes.data(), digits.size(), digits.data()) != 0 &&
        base64_decode_final(&decoder) != 0;
    CommunityHash hash{};
    if (!decoded || count != hash.size()) return std::nullopt;
    std::ranges::copy_n(bytes.begin(), hash.size(), hash.begin());
    const CommunityText own = community_text(hash);
    if (text != std::string_view(own.data(), own.size())) return std::nullopt;
    return hash;
}

}  // namespace packetsentry::flows
