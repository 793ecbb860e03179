#include "daemon/dissect/application/ja4.h"

#include <nettle/sha2.h>

#include <algorithm>

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kJa4 = field("packetsentry.tls.ja4");
constexpr const FieldInfo& kJa4Raw = field("packetsentry.tls.ja4_r");

constexpr std::uint16_t kServerName = 0x0000, kApplicationProtocols = 0x0010;  // extensions
constexpr std::size_t kFirstPartBytes = 10;                                    // "t13d1516h2"
constexpr std::size_t kHashDigits = 12;
constexpr std::size_t kLargestCount = 99;
constexpr std::string_view kHexDigits = "0123456789abcdef";

struct VersionWord {
    std::uint16_t version;
    std::string_view word;
};
constexpr VersionWord kVersions[] = {{0x0304, "13"}, {0x0303, "12"}, {0x0302, "11"},
                                     {0x0301, "10"}, {0x0300, "s3"}, {0x0002, "s2"}};

std::string_view version_word(std::uint16_t version) {
    for (const VersionWord& row : kVersions)
        if (row.version == version) return row.word;
    return "00";
}

bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

void put_count(std::size_t count, Dissection& out) {
    const std::size_t shown = std::min(count, kLargestCount);
    out.put(static_cast<char>('0' + shown / 10));
    out.put(static_cast<char>('0' + shown % 10));
}

// The first digits of the SHA-256 of the text, in hex. An empty list has zeros in place of the hash of
// nothing.
void put_hash(std::string_view text, Dissection& out) {
    std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
    if (!text.empty()) {
        sha256_ctx context;
        sha256_init(&context);
        sha256_update(&context, text.size(), reinterpret_cast<const std::uint8_t*>(text.data()));
        sha256_digest(&context, digest.size(), digest.data());
    }
    for (std::size_t i = 0; i < kHashDigits / 2; ++i) {
        out.put(kHexDigits[digest[i] >> 4]);
        out.put(kHexDigits[digest[i] & 0xF]);
    }
}

}  // namespace

void Ja4::Numbers::add(std::uint16_t number) {
    if (is_grease(number)) return;
    if (count_ == kListLimit)
        overflowed_ = true;
    else
        numbers_[count_++] = number;
}

void Ja4::Numbers::sort() {
    std::ranges::sort(std::span(numbers_).first(count_));
}

void Ja4::add_offered_version(std::uint16_t version) {
    if (!is_grease(version)) offered_version_ = std::max(offered_version_, version);
}

void Ja4::add_extension(std::uint16_t type) {
    if (is_grease(type)) return;
    ++extension_count_;
    if (type == kServerName) has_server_name_ = true;
    if (type != kServerName && type != kApplicationProtocols) extensions_.add(type);
}

// What is hashed is a part of the raw form, so that is written first.
void Ja4::tell(Dissection& out) {
    if (ciphers_.overflowed() || extensions_.overflowed() || signatures_.overflowed()) {
        out.incomplete = true;
        return;
    }
    ciphers_.sort();
    extensions_.sort();
    const std::size_t begin = out.begin_text();
    put_first_part(out);
    out.put('_');
    const std::size_t second = out.begin_text();
    put_list(ciphers_.all(), out);
    const std::string_view cipher_list = out.text_since(second);
    out.put('_');
    const std::size_t third = out.begin_text();
    put_list(extensions_.all(), out);
    const bool has_extensions = out.begin_text() != third;
    if (!signatures_.all().empty()) out.put('_');
    put_list(signatures_.all(), out);
    const std::string_view extension_list = has_extensions ? out.text_since(third) : std::string_view();
    const std::string_view raw = out.text_since(begin);

    const std::size_t hashed = out.begin_text();
    out.put(raw.substr(0, kFirstPartBytes));
    for (const std::string_view list : {cipher_list, extension_list}) {
        out.put('_');
        put_hash(list, out);
    }
    if (out.incomplete) return;  // the text may end within one of them
    out.add(kJa4, out.text_since(hashed));
    out.add(kJa4Raw, raw);
}

void Ja4::put_first_part(Dissection& out) const {
    out.put(static_cast<char>(carrier_));
    out.put(version_word(offers_versions_ ? offered_version_ : hello_version_));
    out.put(has_server_name_ ? 'd' : 'i');
    put_count(ciphers_.all().size(), out);
    put_count(extension_count_, out);
    put_protocol(out);
}

// The first and the last character, or, where one of these is neither a letter nor a digit, the first and the
// last digit of the whole in hex.
void Ja4::put_protocol(Dissection& out) const {
    if (protocol_.empty()) return out.put("00");
    const char first = protocol_.front(), last = protocol_.back();
    const bool as_it_is = is_alphanumeric(first) && is_alphanumeric(last);
    out.put(as_it_is ? first : kHexDigits[static_cast<unsigned char>(first) >> 4]);
    out.put(as_it_is ? last : kHexDigits[static_cast<unsigned char>(last) & 0xF]);
}

// Four digits each, separated by commas.
void Ja4::put_list(std::span<const std::uint16_t> numbers, Dissection& out) {
    bool first = true;
    for (const std::uint16_t number : numbers) {
        if (!first) out.put(',');
        first = false;
        for (int shift = 12; shift >= 0; shift -= 4) out.put(kHexDigits[number >> shift & 0xF]);
    }
}

}  // namespace packetsentry::dissect
