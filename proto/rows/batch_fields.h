// The parts of a batch, wherever they stand: in a message that protobuf has parsed, or in the bytes of one.
//
// A block of the past has 4,096 rows and 50 fields. Parsing it takes half a millisecond, and most questions
// need three of its columns and none or a few of its rows. So a search finds where the fields stand, which is
// one pass over their tags, and reads what it needs there. That is for batches as a writer makes them alone:
// whatever is unusual, be it allowed or forged, is left to protobuf.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/messages/batch.pb.h"
#include "proto/rows/batch_entries.h"
#include "proto/rows/packed_column.h"

namespace packetsentry::proto {

inline constexpr std::uint32_t kBatchRowLimit = 65536;
inline constexpr int kBatchColumnLimit = 256;

struct ColumnFields {
    std::uint32_t field = 0;
    std::string_view name = {};
    wire::Column::Kind kind = wire::Column::NUMBER;
    bool list = false;
    bool keyword = false;
    PackedColumn<std::uint32_t> row = {};
    PackedColumn<std::uint64_t> number = {};
    std::string_view text = {};
    PackedColumn<std::uint32_t> text_size = {};

    [[nodiscard]] static ColumnFields of(const wire::Column& column);
    // Nothing: it is unusual.
    [[nodiscard]] static std::optional<ColumnFields> in_place(std::string_view bytes);
};

// The names are those of wire::Batch. What it was made of must outlive it unchanged. Nothing is checked but
// what is said here; BatchView does the rest.
struct BatchFields {
    wire::Table table = wire::TABLE_UNKNOWN;
    std::uint64_t first_number = 0;
    std::uint32_t rows = 0;
    std::int64_t first_time_ns = 0;
    std::uint64_t first_place = 0;

    BatchEntries<wire::Interface> interface = {};
    BatchEntries<wire::Protocol> protocol = {};
    BatchEntries<wire::Layers> layers = {};
    std::string_view address = {};
    std::string_view address_size = {};
    PackedColumn<std::uint32_t> named = {};
    std::string_view name = {};
    PackedColumn<std::uint32_t> name_size = {};
    std::string_view name_source = {};

    PackedColumn<std::int64_t> time_delta_ns = {};
    PackedColumn<std::uint32_t> wire_bytes = {};
    PackedColumn<std::uint32_t> cut_bytes = {};
    PackedColumn<std::uint32_t> interface_index = {};
    PackedColumn<std::uint64_t> skipped = {};
    PackedColumn<std::uint64_t> left_out = {};
    PackedColumn<std::uint64_t> duration_ns = {};

    std::string_view network = {}, ip_protocol = {}, protocol_index = {}, flags = {};
    std::string_view source = {}, destination = {}, source_mac = {}, destination_mac = {};
    std::string_view source_port = {}, destination_port = {}, layers_index = {};
    std::string_view hop_limit = {}, traffic_class = {}, identification = {}, fragment = {};
    std::string_view tcp_flags = {}, tcp_window = {}, tcp_payload_bytes = {};
    std::string_view tcp_sequence = {}, tcp_acknowledgement = {};
    std::string_view tcp_timestamp = {}, tcp_timestamp_echo = {}, udp_length = {};
    std::string_view tcp_notes = {};
    std::string_view captured = {};

    std::vector<ColumnFields> column = {};

    [[nodiscard]] static BatchFields of(const wire::Batch& batch);
    // Finds the fields in a serialized batch. Nothing: the bytes are no message, or it is unusual: a field is
    // not known or has another kind, one that is not repeated stands there twice, numbers are not packed or
    // are cut, or the entries of a dictionary or the columns are more or longer than any batch has.
    [[nodiscard]] static std::optional<BatchFields> in_place(std::string_view bytes);

    // Something that was asked for was not what protobuf writes, so what was read may be wrong.
    [[nodiscard]] bool broken() const;
};

// A column that has so many bytes in each row.
struct FixedColumn {
    int field = 0;
    std::string_view BatchFields::*column = nullptr;
    const std::string& (wire::Batch::*parsed)() const = nullptr;
    std::size_t row_bytes = 0;
    bool optional = true;  // may be empty
};
[[nodiscard]] std::span<const FixedColumn> fixed_columns();

}  // namespace packetsentry::proto
