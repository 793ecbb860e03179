#include "daemon/spool/format/index_keys.h"

#include <algorithm>

#include "proto/rows/fields.h"

namespace packetsentry::spool {
namespace {

struct IndexedColumn {
    std::string_view path;
    KeyKind kind;
};

// A column that is added here makes kKeyRules higher.
constexpr std::array kIndexedColumns = {
    IndexedColumn{rows::field("packetsentry.inner.source.port").path, KeyKind::port},
    IndexedColumn{rows::field("packetsentry.inner.destination.port").path, KeyKind::port},
    IndexedColumn{rows::field("dns.question.name").path, KeyKind::name},
    IndexedColumn{rows::field("dns.answers.name").path, KeyKind::name},
    IndexedColumn{rows::field("packetsentry.dns.announced").path, KeyKind::name},
    IndexedColumn{rows::field("packetsentry.dns.authorities.name").path, KeyKind::name},
    IndexedColumn{rows::field("packetsentry.dns.additionals.name").path, KeyKind::name},
    IndexedColumn{rows::field("packetsentry.dhcp.host_name").path, KeyKind::name},
    IndexedColumn{rows::field("packetsentry.dhcp.client_fqdn").path, KeyKind::name},
    IndexedColumn{rows::field("packetsentry.dhcpv6.client_fqdn").path, KeyKind::name},
    IndexedColumn{rows::field("tls.client.server_name").path, KeyKind::name},
    IndexedColumn{rows::field("url.domain").path, KeyKind::name},
    IndexedColumn{rows::field("destination.domain").path, KeyKind::name},
    IndexedColumn{rows::field("network.community_id").path, KeyKind::community_id},
};

constexpr char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

std::size_t key_bytes(KeyKind kind) {
    switch (kind) {
        case KeyKind::ipv4:
            return 4;
        case KeyKind::ipv6:
            return 16;
        case KeyKind::mac:
            return 6;
        case KeyKind::port:
            return 2;
        case KeyKind::protocol:
        case KeyKind::name:
            return 0;
        case KeyKind::community_id:
            return kCommunityIdBytes;
    }
    return 0;
}

std::uint16_t first_rules(KeyKind kind) {
    return kind == KeyKind::community_id ? 3 : 1;
}

std::optional<KeyKind> kind_of_column(std::string_view path) {
    const auto* const found = std::ranges::find(kIndexedColumns, path, &IndexedColumn::path);
    if (found == kIndexedColumns.end()) return std::nullopt;
    return found->kind;
}

std::optional<KeyKind> kind_of(const base::Address& address) {
    switch (address.size) {
        case 4:
            return KeyKind::ipv4;
        case 6:
            return KeyKind::mac;
        case 16:
            return KeyKind::ipv6;
        default:
            return std::nullopt;
    }
}

std::string_view key_of(const base::Address& address) {
    return {reinterpret_cast<const char*>(address.bytes.data()), address.size};
}

std::string port_key(std::uint16_t port) {
    return {static_cast<char>(port >> 8), static_cast<char>(port & 0xFF)};
}

std::string protocol_key(std::string_view word) {
    std::string key(word.substr(0, kKeyLimit));
    std::ranges::transform(key, key.begin(), lower);
    return key;
}

void assign_name_key(std::string& key, std::string_view name) {
    name = name.substr(name.size() - std::min(name.size(), kKeyLimit));
    key.assign(name.rbegin(), name.rend());
    std::ranges::transform(key, key.begin(), lower);
}

std::string name_key(std::string_view name) {
    std::string key;
    assign_name_key(key, name);
    return key;
}

KeyRange network_range(const base::Address& address, unsigned bits) {
    KeyRange range{std::string(key_of(address)), std::string(key_of(address))};
    for (unsigned bit = bits; bit < 8U * address.size; ++bit) {
        const auto mask = static_cast<unsigned char>(0x80U >> bit % 8);
        range.first[bit / 8] = static_cast<char>(range.first[bit / 8] & ~mask);
        range.last[bit / 8] = static_cast<char>(range.last[bit / 8] | mask);
    }
    return range;
}

KeyRange port_range(std::uint16_t first, std::uint16_t last) {
    return {port_key(first), port_key(last)};
}

}  // namespace packetsentry::spool
