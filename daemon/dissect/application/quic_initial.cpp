// The cryptography is that of nettle: functions on the caller's memory, without a context of the library,
// a random source or a provider that would have to be loaded. A worker parses in a sandbox that has neither
// files nor a way to load code, so nothing else would do there.
#include "daemon/dissect/application/quic_initial.h"

#include <nettle/aes.h>
#include <nettle/gcm.h>
#include <nettle/hkdf.h>
#include <nettle/hmac.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace packetsentry::dissect {
namespace {

using Secret = std::array<std::uint8_t, SHA256_DIGEST_SIZE>;

constexpr std::size_t kSaltBytes = 20;
constexpr std::size_t kMaskBytes = 5;     // of a header's protection
constexpr std::size_t kNumberLimit = 4;   // bytes of a packet number
constexpr std::size_t kSampleBytes = 16;  // AES_BLOCK_SIZE
constexpr std::size_t kLabelLimit = 16;

// RFC 9001 sections 5.1 and 5.2, RFC 9369 section 3.3.
struct VersionKeys {
    std::array<std::uint8_t, kSaltBytes> salt;
    std::string_view key, iv, header;  // labels
};
constexpr VersionKeys kVersionKeys[] = {
    {{0x38, 0x76, 0x2C, 0xF7, 0xF5, 0x59, 0x34, 0xB3, 0x4D, 0x17,
      0x9A, 0xE6, 0xA4, 0xC8, 0x0C, 0xAD, 0xCC, 0xBB, 0x7F, 0x0A},
     "quic key",
     "quic iv",
     "quic hp"},
    {{0x0D, 0xED, 0xE3, 0xDE, 0xF7, 0x00, 0xA6, 0xDB, 0x81, 0x93,
      0x81, 0xBE, 0x6E, 0x26, 0x9D, 0xCB, 0xF9, 0xBD, 0x2E, 0xD9},
     "quicv2 key",
     "quicv2 iv",
     "quicv2 hp"},
};

const std::uint8_t* bytes_of(std::span<const std::byte> bytes) {
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

void update_hmac(void* context, std::size_t size, const std::uint8_t* bytes) {
    hmac_sha256_update(static_cast<hmac_sha256_ctx*>(context), size, bytes);
}

void digest_hmac(void* context, std::size_t size, std::uint8_t* digest) {
    hmac_sha256_digest(static_cast<hmac_sha256_ctx*>(context), size, digest);
}

Secret extract(std::span<const std::uint8_t> salt, std::span<const std::byte> material) {
    hmac_sha256_ctx context;
    hmac_sha256_set_key(&context, salt.size(), salt.data());
    Secret secret{};
    hkdf_extract(&context, update_hmac, digest_hmac, secret.size(), material.size(), bytes_of(material),
                 secret.data());
    return secret;
}

// HKDF-Expand-Label of RFC 8446 section 7.1, without a context: the size (2), the label behind its length
// (1), and the length of the context (1).
template <std::size_t Size>
std::array<std::uint8_t, Size> expand(const Secret& secret, std::string_view label) {
    constexpr std::string_view kBefore = "tls13 ";
    std::array<std::uint8_t, 2 + 1 + kBefore.size() + kLabelLimit + 1> info{0, Size};
    info[2] = static_cast<std::uint8_t>(kBefore.size() + label.size());
    std::ranges::copy(kBefore, info.begin() + 3);
    std::ranges::copy(label, info.begin() + 3 + kBefore.size());
    hmac_sha256_ctx context;
    hmac_sha256_set_key(&context, secret.size(), secret.data());
    std::array<std::uint8_t, Size> out{};
    hkdf_expand(&context, update_hmac, digest_hmac, secret.size(), 3 + kBefore.size() + label.size() + 1,
                info.data(), out.size(), out.data());
    return out;
}

// RFC 9001 section 5.4.3: the mask is of the sample, which is taken as if the packet number had four bytes.
std::array<std::uint8_t, kMaskBytes> header_mask(const Secret& secret, std::string_view label,
                                                 std::span<const std::byte> sample) {
    const auto key = expand<AES128_KEY_SIZE>(secret, label);
    aes128_ctx context;
    aes128_set_encrypt_key(&context, key.data());
    std::array<std::uint8_t, AES_BLOCK_SIZE> block{};
    aes128_encrypt(&context, block.size(), block.data(), bytes_of(sample));
    std::array<std::uint8_t, kMaskBytes> mask{};
    std::copy_n(block.begin(), mask.size(), mask.begin());
    return mask;
}

// A header without its protection: what is authenticated beside the frames.
struct InitialHeader {
    std::span<const std::byte> bytes;
    std::uint32_t number = 0;
};

// RFC 9001 section 5.4.1: the mask covers the last four bits of the first byte and the packet number. room
// has as many bytes as the packet, where the header is written to.
InitialHeader unprotect(const QuicInitial& initial, std::span<const std::uint8_t, kMaskBytes> mask,
                        std::span<std::byte> room) {
    const std::size_t longest = initial.number_offset + kNumberLimit;
    std::ranges::copy(initial.packet.first(longest), room.begin());
    room[0] ^= static_cast<std::byte>(mask[0] & 0x0F);
    const std::size_t size = 1 + std::to_integer<std::size_t>(room[0] & std::byte{0x03});
    InitialHeader header{.bytes = room.first(initial.number_offset + size), .number = 0};
    for (std::size_t i = 0; i < size; ++i) {
        std::byte& byte = room[initial.number_offset + i];
        byte ^= static_cast<std::byte>(mask[1 + i]);
        header.number = header.number << 8 | std::to_integer<std::uint32_t>(byte);
    }
    return header;
}

// RFC 9001 section 5.3: the nonce is the initialisation vector with the packet number in its last bytes.
std::array<std::uint8_t, GCM_IV_SIZE> nonce_of(std::array<std::uint8_t, GCM_IV_SIZE> iv,
                                               std::uint32_t number) {
    for (std::size_t i = 0; i < sizeof number; ++i)
        iv[iv.size() - 1 - i] ^= static_cast<std::uint8_t>(number >> 8 * i);
    return iv;
}

}  // namespace

std::span<const std::byte> open_quic_initial(const QuicInitial& initial, QuicFrames& room) {
    const std::size_t sample_offset = initial.number_offset + kNumberLimit;
    if (initial.packet.size() > kQuicInitialLimit || initial.packet.size() < sample_offset + kSampleBytes)
        return {};
    const VersionKeys& version = kVersionKeys[static_cast<std::size_t>(initial.version)];
    const Secret secret =
        expand<SHA256_DIGEST_SIZE>(extract(version.salt, initial.destination_id),
                                   initial.sender == QuicSide::client ? "client in" : "server in");
    const auto mask =
        header_mask(secret, version.header, initial.packet.subspan(sample_offset, kSampleBytes));
    QuicFrames header_room;
    const InitialHeader header = unprotect(initial, mask, header_room);

    gcm_aes128_ctx context;
    gcm_aes128_set_key(&context, expand<AES128_KEY_SIZE>(secret, version.key).data());
    gcm_aes128_set_iv(&context, GCM_IV_SIZE,
                      nonce_of(expand<GCM_IV_SIZE>(secret, version.iv), header.number).data());
    gcm_aes128_update(&context, header.bytes.size(), bytes_of(header.bytes));
    const std::span<const std::byte> sealed = initial.packet.subspan(header.bytes.size());
    const std::size_t size = sealed.size() - GCM_DIGEST_SIZE;
    gcm_aes128_decrypt(&context, size, reinterpret_cast<std::uint8_t*>(room.data()), bytes_of(sealed));
    std::array<std::uint8_t, GCM_DIGEST_SIZE> tag{};
    gcm_aes128_digest(&context, tag.size(), tag.data());
    const bool authentic = std::memcmp(tag.data(), sealed.last(tag.size()).data(), tag.size()) == 0;
    return authentic ? std::span(room).first(size) : std::span<const std::byte>();
}

}  // namespace packetsentry::dissect
