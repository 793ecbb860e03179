// What an index can be asked about: kinds of keys, and how a value becomes a key (FORMAT.md, "Index").
//
// A key is a string of bytes, and the keys of a kind are in the order of their bytes. What people ask for
// together stands together in this order: the addresses of a network, a range of ports, the names below a
// domain.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/address.h"

namespace packetsentry::spool {

// The numbers are those in the file.
enum class KeyKind : std::uint8_t {
    ipv4 = 1,
    ipv6 = 2,
    mac = 3,
    port = 4,
    protocol = 5,
    name = 6,
    community_id = 7,
};
inline constexpr std::array kKeyKinds = {KeyKind::ipv4,        KeyKind::ipv6,     KeyKind::mac,
                                         KeyKind::port,        KeyKind::protocol, KeyKind::name,
                                         KeyKind::community_id};

// The fields whose values are keys, as FORMAT.md lists them, have a number. A later list with a higher
// number has all of this one, and more.
inline constexpr std::uint16_t kKeyRules = 3;

// The bytes of a SHA-1.
inline constexpr std::size_t kCommunityIdBytes = 20;

// A longer key is truncated to this.
inline constexpr std::size_t kKeyLimit = 255;

// Returns how many bytes each key of the kind has; 0: they have various lengths.
[[nodiscard]] std::size_t key_bytes(KeyKind kind);

// Returns the number of the first list by which every row that may have a key of the kind has it. In an index
// by an earlier list the kind is not asked.
[[nodiscard]] std::uint16_t first_rules(KeyKind kind);

// Returns the kind whose keys the values of this column are, and nothing for a column that is not
// indexed. source.port and destination.port, which are indexed too, are no columns: each row has them.
[[nodiscard]] std::optional<KeyKind> kind_of_column(std::string_view path);

// Returns the kind of the address, and nothing for an address that is empty.
[[nodiscard]] std::optional<KeyKind> kind_of(const base::Address& address);
// The key refers to the address.
[[nodiscard]] std::string_view key_of(const base::Address& address);

[[nodiscard]] std::string port_key(std::uint16_t port);
// Returns the word of a protocol in lower case, "dns".
[[nodiscard]] std::string protocol_key(std::string_view word);
// "www.Example.org" gives "gro.elpmaxe.www", so that the names that end alike stand together.
[[nodiscard]] std::string name_key(std::string_view name);
// Does as name_key() does, and reuses the memory of key.
void assign_name_key(std::string& key, std::string_view name);

// A range of keys, to which both ends belong.
struct KeyRange {
    std::string first = {};
    std::string last = {};
};

// Returns the range of addresses that share their first bits with this one. If bits are more than the
// address has, that is the address alone.
[[nodiscard]] KeyRange network_range(const base::Address& address, unsigned bits);
[[nodiscard]] KeyRange port_range(std::uint16_t first, std::uint16_t last);

}  // namespace packetsentry::spool
