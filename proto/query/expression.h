// What an expression means, and the tree that says it.
//
// The language is a subset of Wireshark's display filters (wireshark-filter(4)), with their
// meaning:
//
//   * A field may have several values in a row: "ip.addr" is the sender and the receiver, outside
//     and inside of a tunnel, and "dns.a" is every address of an answer. A comparison is true where
//     ANY of the values fits it, except for "!=", which is true where ALL of them differ. "==="
//     asks for all, and "!==" (or "~=") for any that differs. "any" and "all" before a field choose
//     it for every operator.
//   * A comparison with a field that the row does not have is false, whatever the operator. So
//     "ip.addr != x" is false for an ARP packet, while "!(ip.addr == x)" is true for it. "not in"
//     is the negation of "in", as in Wireshark 4.0, and is therefore true where the field is not
//     there.
//   * A name alone asks whether the row has the field at all, with whatever value, so
//     "tcp.flags.syn" is true for each TCP packet. The name of a protocol asks whether it is one of
//     the row's layers (layer_names.h).
//   * "not" binds closest, then "and", "xor", "or".
//   * "field & number" has the bits that both have; alone it is true where one of them is set.
//   * A prefix stands for all its addresses: "==" is true inside of it, "<" below the first of them
//     and ">" above the last one.
//
// It differs from Wireshark where rows differ from packets:
//
//   * Names, such as those of DNS and of hosts, and the names of numbers are compared without
//     regard to case.
//   * A path of the table ("source.ip") asks that column alone; a name of Wireshark's ("ip.src")
//     asks all columns that have its values, and only in rows of its protocol: "ip.*" in IPv4,
//     "ipv6.*" in IPv6, "tcp.port" where the transport is TCP.
//   * Where a row has a text for a number of Wireshark's, both are understood: "dns.qry.type ==
//     28", and "== AAAA".
//   * A word need not be quoted where a text is wanted.
//
// Slices, functions, arithmetic, macros and comparisons of two fields are refused by name
// (refusals.h).
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/base/address.h"
#include "proto/query/query.h"
#include "proto/rows/fields.h"
#include "proto/rows/value_names.h"

namespace packetsentry::query {

// Rows in which a column's values are those of the name. The same column is asked by names of several
// protocols.
struct Restriction {
    enum class Kind : std::uint8_t {
        none,
        network,          // the outermost network layer is wire::Network number
        transport,        // the outermost IP header carries the IANA protocol number
        inner_transport,  // the innermost transport is the layer of this name
        layer,            // the chain of layers has this name
        without_layer,    // the chain of layers does not have this name
        with_field,       // the row has the sparse column with this path
        record_type,      // the value belongs to a DNS record of this type (record_types_of)
        egress,           // the capturing machine sent the packet
        not_egress,       // it received the packet, or that is not known
    };
    Kind kind = Kind::none;
    std::uint8_t number = 0;
    std::string_view name = {};
};

// A column that has values of a field.
struct Source {
    const rows::FieldInfo* info = nullptr;
    Restriction restriction = {};
    std::uint8_t address_size = 0;                // of addresses: 4, 6 or 16 bytes; 0: each of these
    const rows::NamedNumbers* numbers = nullptr;  // the names of its numbers; null: there are none
    std::string_view text_before = {};            // the name has it before the column's text: "HTTP/"
    bool last_word = false;                       // the name has only what follows the last blank
};

// What a name asks: one or several columns, or the chain of layers.
struct Reference {
    enum class Reading : std::uint8_t {
        plain,
        presence,  // the field has no value here but 1: "http.request" is the presence of a method
        listed,    // the field is 1 where the column lists a word, and else 0 where another column is there
    };

    std::string name;                              // canonical
    std::string typed;                             // as the user wrote it
    std::string_view layer = {};                   // a protocol; then there are no sources
    rows::FieldKind kind = rows::FieldKind::text;  // of all sources
    Reading reading = Reading::plain;
    std::string_view word = {};  // of Reading::listed
    std::uint64_t mask = std::numeric_limits<std::uint64_t>::max();
    unsigned shift = 0;  // after the mask
    bool caseless = false;
    std::vector<Source> sources;

    [[nodiscard]] bool masked() const { return mask != std::numeric_limits<std::uint64_t>::max(); }
    // All sources have names for their numbers.
    [[nodiscard]] bool named() const;
};

enum class Operator : std::uint8_t { present, eq, ne, lt, le, gt, ge, contains, matches, in };

enum class Quantifier : std::uint8_t { any, all };

struct Prefix {
    base::Address address;  // bits behind the prefix are zero
    int bits = 0;           // all of them: one address

    bool operator==(const Prefix&) const = default;
};

// As the field's kind wants it. Nanoseconds are those of a time.
struct Nanoseconds {
    std::int64_t since_1970 = 0;
    bool operator==(const Nanoseconds&) const = default;
};
using Value = std::variant<std::uint64_t, Nanoseconds, Prefix, std::string>;

// From first to last, both included. Outside of a set, and for a single value, they are the same.
struct ValueRange {
    Value first;
    Value last;
};

// One comparison.
struct Test {
    Reference field;
    Operator op = Operator::present;
    Quantifier quantifier = Quantifier::any;
    std::uint64_t typed_mask = 0;    // of "field & number"; 0: there is none
    std::vector<ValueRange> values;  // several with Operator::in
    Place place = {};                // of the comparison
    Place value_place = {};
};

struct Node {
    enum class Kind : std::uint8_t { test, negation, conjunction, disjunction, exclusive };
    Kind kind = Kind::test;
    std::uint16_t left = 0;   // index of a test, or of a node
    std::uint16_t right = 0;  // index of a node
};

struct Tree {
    std::vector<Test> tests;
    std::vector<Node>
        nodes;  // children come before their parents; the last is the root; none: true of every row
};

}  // namespace packetsentry::query
