// THE table of fields: all that a row can say.
//
// Everything that knows a field by its name reads this table, so that nothing needs a list of its own: a
// dissector names the row of the field that it fills (field() refuses a path that is not here when it is
// compiled), a batch carries the row's path and kind, JSON takes its keys from here, "packetsentryctl fields"
// and packetsentry-fields(7) print it, and tests compare it with the Elastic Common Schema. A new field is
// one row here and the line of the dissector that fills it.
//
// A path is that of the Elastic Common Schema (ECS, release 9.5.0, https://www.elastic.co/docs/reference/ecs)
// where the schema has such a field, with the schema's type. What it has not stands below "packetsentry.".
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string_view>

#include "proto/messages/batch.pb.h"

namespace packetsentry::rows {

// The release of the Elastic Common Schema that the names and types are from.
inline constexpr std::string_view kEcsVersion = "9.5.0";

enum class FieldKind : std::uint8_t {
    number,   // unsigned, 64 bits
    text,     // bytes as they were on the wire
    address,  // IPv4, IPv6 or MAC
    time,     // nanoseconds since 1970-01-01 UTC; in a column its bits as an unsigned number
    flag,     // 1 or 0 where it is told, in a column as a number
};

// What the column of such a field has.
[[nodiscard]] constexpr wire::Column::Kind column_kind(FieldKind kind) {
    switch (kind) {
        case FieldKind::text:
            return wire::Column::TEXT;
        case FieldKind::address:
            return wire::Column::ADDRESS;
        default:
            return wire::Column::NUMBER;
    }
}

// Traits, to be added up.
inline constexpr unsigned kNoTrait = 0;
inline constexpr unsigned kDense =
    1;  // has a place in every row of a batch; the others are columns of the rows that have them
inline constexpr unsigned kList = 2;  // a packet may have several values
inline constexpr unsigned kKeyword =
    4;  // a number that names something rather than counts it: in JSON a string

// Not in the lines of JSON: most packets have it, few people read it, and with all such fields a line is 43
// percent longer.
inline constexpr unsigned kQuiet = 8;

// A field is one of packets, and of no other table, unless these say otherwise.
inline constexpr unsigned kNotPackets = 16;
inline constexpr unsigned kAlsoFlows = 32;
inline constexpr unsigned kAlsoDns = 64;
inline constexpr unsigned kAlsoHttp = 128;
inline constexpr unsigned kAlsoTls = 256;
inline constexpr unsigned kAlsoTransactions = kAlsoDns | kAlsoHttp | kAlsoTls;  // requests with their answers
inline constexpr unsigned kOnlyFlows = kNotPackets | kAlsoFlows;
inline constexpr unsigned kOnlyHttp = kNotPackets | kAlsoHttp;
inline constexpr unsigned kOnlyTls = kNotPackets | kAlsoTls;
inline constexpr unsigned kOnlyTransactions = kNotPackets | kAlsoTransactions;
inline constexpr unsigned kAllTables = kAlsoFlows | kAlsoTransactions;
inline constexpr unsigned kOnlyDerived = kNotPackets | kAllTables;  // all tables but packets

struct FieldInfo {
    std::uint16_t number = 0;  // identifies the field for ever: it is never given to another one
    std::string_view path;
    FieldKind kind = FieldKind::text;
    unsigned traits = kNoTrait;
    std::string_view wireshark = {};  // the names that Wireshark has for it, separated by blanks; empty: none
    std::string_view meaning = {};    // one sentence without its full stop

    [[nodiscard]] constexpr bool dense() const { return (traits & kDense) != 0; }
    [[nodiscard]] constexpr bool list() const { return (traits & kList) != 0; }
    [[nodiscard]] constexpr bool quiet() const { return (traits & kQuiet) != 0; }
    [[nodiscard]] constexpr bool keyword() const { return (traits & kKeyword) != 0; }
    // Tells whether rows of the table may have it.
    [[nodiscard]] constexpr bool is_of(wire::Table table) const {
        switch (table) {
            case wire::TABLE_PACKETS:
                return (traits & kNotPackets) == 0;
            case wire::TABLE_FLOWS:
                return (traits & kAlsoFlows) != 0;
            case wire::TABLE_DNS:
                return (traits & kAlsoDns) != 0;
            case wire::TABLE_HTTP:
                return (traits & kAlsoHttp) != 0;
            case wire::TABLE_TLS:
                return (traits & kAlsoTls) != 0;
            default:
                return false;
        }
    }
};

// By path.
inline constexpr FieldInfo kFields[] = {
#include "proto/rows/field_table.inc"
};

[[nodiscard]] constexpr const FieldInfo* find_field(std::string_view path) {
    for (const FieldInfo& info : kFields)
        if (info.path == path) return &info;
    return nullptr;
}

// Null for a number that no field has.
[[nodiscard]] const FieldInfo* find_field(std::uint32_t number);

// The row of a field that is there. A path that is not in the table does not compile.
[[nodiscard]] consteval const FieldInfo& field(std::string_view path) {
    const FieldInfo* const info = find_field(path);
    if (info == nullptr) throw std::logic_error("proto/rows/field_table.inc has no such path");
    return *info;
}

// "number", "text", "address", "time", "flag".
[[nodiscard]] std::string_view kind_name(FieldKind kind);

}  // namespace packetsentry::rows
