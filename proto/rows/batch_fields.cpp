#include "proto/rows/batch_fields.h"

#include <algorithm>
#include <limits>

#include "proto/rows/message_fields.h"

namespace packetsentry::proto {
namespace {

using wire::Batch;
using wire::Column;

// A protocol has a list, which takes memory when it is parsed.
constexpr std::size_t kProtocolBytes = 1024;
constexpr std::size_t kEntryBytes = 4096;
constexpr std::size_t kUsualColumns = 48;
constexpr bool kRequired = false, kOptional = true;

constexpr FixedColumn kFixedColumns[] = {
    {Batch::kNetworkFieldNumber, &BatchFields::network, &Batch::network, 1, kRequired},
    {Batch::kIpProtocolFieldNumber, &BatchFields::ip_protocol, &Batch::ip_protocol, 1, kRequired},
    {Batch::kProtocolIndexFieldNumber, &BatchFields::protocol_index, &Batch::protocol_index, 1, kRequired},
    {Batch::kFlagsFieldNumber, &BatchFields::flags, &Batch::flags, 1, kRequired},
    {Batch::kSourceFieldNumber, &BatchFields::source, &Batch::source, 2, kRequired},
    {Batch::kDestinationFieldNumber, &BatchFields::destination, &Batch::destination, 2, kRequired},
    {Batch::kSourceMacFieldNumber, &BatchFields::source_mac, &Batch::source_mac, 2, kOptional},
    {Batch::kDestinationMacFieldNumber, &BatchFields::destination_mac, &Batch::destination_mac, 2, kOptional},
    {Batch::kSourcePortFieldNumber, &BatchFields::source_port, &Batch::source_port, 2, kOptional},
    {Batch::kDestinationPortFieldNumber, &BatchFields::destination_port, &Batch::destination_port, 2,
     kOptional},
    {Batch::kLayersIndexFieldNumber, &BatchFields::layers_index, &Batch::layers_index, 2, kOptional},
    {Batch::kHopLimitFieldNumber, &BatchFields::hop_limit, &Batch::hop_limit, 1, kOptional},
    {Batch::kTrafficClassFieldNumber, &BatchFields::traffic_class, &Batch::traffic_class, 1, kOptional},
    {Batch::kIdentificationFieldNumber, &BatchFields::identification, &Batch::identification, 2, kOptional},
    {Batch::kFragmentFieldNumber, &BatchFields::fragment, &Batch::fragment, 2, kOptional},
    {Batch::kTcpFlagsFieldNumber, &BatchFields::tcp_flags, &Batch::tcp_flags, 2, kOptional},
    {Batch::kTcpWindowFieldNumber, &BatchFields::tcp_window, &Batch::tcp_window, 2, kOptional},
    {Batch::kTcpPayloadBytesFieldNumber, &BatchFields::tcp_payload_bytes, &Batch::tcp_payload_bytes, 2,
     kOptional},
    {Batch::kTcpSequenceFieldNumber, &BatchFields::tcp_sequence, &Batch::tcp_sequence, 4, kOptional},
    {Batch::kTcpAcknowledgementFieldNumber, &BatchFields::tcp_acknowledgement, &Batch::tcp_acknowledgement, 4,
     kOptional},
    {Batch::kTcpTimestampFieldNumber, &BatchFields::tcp_timestamp, &Batch::tcp_timestamp, 4, kOptional},
    {Batch::kTcpTimestampEchoFieldNumber, &BatchFields::tcp_timestamp_echo, &Batch::tcp_timestamp_echo, 4,
     kOptional},
    {Batch::kUdpLengthFieldNumber, &BatchFields::udp_length, &Batch::udp_length, 2, kOptional},
    {Batch::kTcpNotesFieldNumber, &BatchFields::tcp_notes, &Batch::tcp_notes, 1, kOptional},
};

// Reads one message. Each field is read once, unless it is repeated.
class FieldsFound {
  public:
    explicit FieldsFound(std::string_view bytes) : fields_(bytes) {}

    [[nodiscard]] bool next() { return fields_.next(); }
    [[nodiscard]] bool at_end() const { return fields_.at_end(); }
    [[nodiscard]] int field() const { return fields_.field() < 64 ? static_cast<int>(fields_.field()) : 0; }

    // False: it has another kind, or stands there twice.
    [[nodiscard]] bool take(std::string_view& value) {
        value = fields_.value();
        return fields_.kind() == MessageFields::text && is_first();
    }
    template <typename Number>
    [[nodiscard]] bool take(PackedColumn<Number>& column) {
        if (fields_.kind() != MessageFields::text || !is_first()) return false;
        column = PackedColumn<Number>(fields_.value());
        return !column.broken();
    }
    [[nodiscard]] bool take(std::uint64_t& value) {
        value = fields_.number();
        return fields_.kind() == MessageFields::varint && is_first();
    }
    [[nodiscard]] bool take(std::uint32_t& value) {
        std::uint64_t number = 0;
        const bool taken = take(number);
        value = static_cast<std::uint32_t>(number);
        return taken && number <= std::numeric_limits<std::uint32_t>::max();
    }
    [[nodiscard]] bool take(bool& value) {
        std::uint64_t number = 0;
        const bool taken = take(number);
        value = number != 0;
        return taken;
    }
    [[nodiscard]] bool take_fixed(std::int64_t& value) {
        value = static_cast<std::int64_t>(fields_.number());
        return fields_.kind() == MessageFields::eight_bytes && is_first();
    }
    template <typename Message>
    [[nodiscard]] bool add(BatchEntries<Message>& entries, int limit, std::size_t most_bytes) {
        if (fields_.kind() != MessageFields::text || fields_.value().size() > most_bytes ||
            entries.size() >= static_cast<std::size_t>(limit))
            return false;
        entries.add(fields_.value());
        return true;
    }
    [[nodiscard]] bool add(std::vector<ColumnFields>& columns) {
        if (fields_.kind() != MessageFields::text || columns.size() >= std::size_t{kBatchColumnLimit})
            return false;
        auto column = ColumnFields::in_place(fields_.value());
        if (!column) return false;
        if (columns.empty()) columns.reserve(kUsualColumns);
        columns.push_back(*std::move(column));
        return true;
    }

  private:
    [[nodiscard]] bool is_first() {
        const std::uint64_t bit = std::uint64_t{1} << field();
        const bool first = (seen_ & bit) == 0;
        seen_ |= bit;
        return first;
    }

    MessageFields fields_;
    std::uint64_t seen_ = 0;
};

bool take_fixed_column(FieldsFound& found, BatchFields& to) {
    const auto* const column = std::ranges::find(kFixedColumns, found.field(), &FixedColumn::field);
    return column != std::end(kFixedColumns) && found.take(to.*column->column);
}

bool take_table(FieldsFound& found, wire::Table& table) {
    std::uint32_t number = 0;
    if (!found.take(number) || number > static_cast<std::uint32_t>(wire::Table_MAX)) return false;
    table = static_cast<wire::Table>(number);
    return true;
}

bool take_field(FieldsFound& found, BatchFields& to) {
    switch (found.field()) {
        case Batch::kTableFieldNumber:
            return take_table(found, to.table);
        case Batch::kFirstNumberFieldNumber:
            return found.take(to.first_number);
        case Batch::kRowsFieldNumber:
            return found.take(to.rows);
        case Batch::kInterfaceFieldNumber:
            return found.add(to.interface, kBatchInterfaceLimit, kEntryBytes);
        case Batch::kProtocolFieldNumber:
            return found.add(to.protocol, kBatchProtocolLimit, kProtocolBytes);
        case Batch::kAddressFieldNumber:
            return found.take(to.address);
        case Batch::kAddressSizeFieldNumber:
            return found.take(to.address_size);
        case Batch::kNamedFieldNumber:
            return found.take(to.named);
        case Batch::kNameFieldNumber:
            return found.take(to.name);
        case Batch::kNameSizeFieldNumber:
            return found.take(to.name_size);
        case Batch::kNameSourceFieldNumber:
            return found.take(to.name_source);
        case Batch::kFirstTimeNsFieldNumber:
            return found.take_fixed(to.first_time_ns);
        case Batch::kTimeDeltaNsFieldNumber:
            return found.take(to.time_delta_ns);
        case Batch::kWireBytesFieldNumber:
            return found.take(to.wire_bytes);
        case Batch::kCutBytesFieldNumber:
            return found.take(to.cut_bytes);
        case Batch::kInterfaceIndexFieldNumber:
            return found.take(to.interface_index);
        case Batch::kColumnFieldNumber:
            return found.add(to.column);
        case Batch::kLayersFieldNumber:
            return found.add(to.layers, kBatchLayersLimit, kEntryBytes);
        case Batch::kFirstPlaceFieldNumber:
            return found.take(to.first_place);
        case Batch::kSkippedFieldNumber:
            return found.take(to.skipped);
        case Batch::kCapturedFieldNumber:
            return found.take(to.captured);
        case Batch::kLeftOutFieldNumber:
            return found.take(to.left_out);
        case Batch::kDurationNsFieldNumber:
            return found.take(to.duration_ns);
        default:
            return take_fixed_column(found, to);
    }
}

bool take_kind(FieldsFound& found, Column::Kind& kind) {
    std::uint32_t number = 0;
    if (!found.take(number) || number > static_cast<std::uint32_t>(Column::Kind_MAX)) return false;
    kind = static_cast<Column::Kind>(number);
    return true;
}

bool take_field(FieldsFound& found, ColumnFields& to) {
    switch (found.field()) {
        case Column::kFieldFieldNumber:
            return found.take(to.field);
        case Column::kNameFieldNumber:
            return found.take(to.name);
        case Column::kKindFieldNumber:
            return take_kind(found, to.kind);
        case Column::kListFieldNumber:
            return found.take(to.list);
        case Column::kKeywordFieldNumber:
            return found.take(to.keyword);
        case Column::kRowFieldNumber:
            return found.take(to.row);
        case Column::kNumberFieldNumber:
            return found.take(to.number);
        case Column::kTextFieldNumber:
            return found.take(to.text);
        case Column::kTextSizeFieldNumber:
            return found.take(to.text_size);
        default:
            return false;
    }
}

template <typename Fields>
std::optional<Fields> find_fields(std::string_view bytes) {
    std::optional<Fields> fields(std::in_place);
    FieldsFound found(bytes);
    while (found.next())
        if (!take_field(found, *fields)) return std::nullopt;
    if (!found.at_end()) return std::nullopt;
    return fields;
}

// Protobuf refuses a name that is not UTF-8.
bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
}

}  // namespace

std::span<const FixedColumn> fixed_columns() {
    return kFixedColumns;
}

ColumnFields ColumnFields::of(const Column& column) {
    return {.field = column.field(),
            .name = column.name(),
            .kind = column.kind(),
            .list = column.list(),
            .keyword = column.keyword(),
            .row = PackedColumn(column.row()),
            .number = PackedColumn(column.number()),
            .text = column.text(),
            .text_size = PackedColumn(column.text_size())};
}

std::optional<ColumnFields> ColumnFields::in_place(std::string_view bytes) {
    auto fields = find_fields<ColumnFields>(bytes);
    if (fields && !is_ascii(fields->name)) return std::nullopt;
    return fields;
}

BatchFields BatchFields::of(const Batch& batch) {
    BatchFields fields{.table = batch.table(),
                       .first_number = batch.first_number(),
                       .rows = batch.rows(),
                       .first_time_ns = batch.first_time_ns(),
                       .first_place = batch.first_place(),
                       .interface = BatchEntries(batch.interface()),
                       .protocol = BatchEntries(batch.protocol()),
                       .layers = BatchEntries(batch.layers()),
                       .address = batch.address(),
                       .address_size = batch.address_size(),
                       .named = PackedColumn(batch.named()),
                       .name = batch.name(),
                       .name_size = PackedColumn(batch.name_size()),
                       .name_source = batch.name_source(),
                       .time_delta_ns = PackedColumn(batch.time_delta_ns()),
                       .wire_bytes = PackedColumn(batch.wire_bytes()),
                       .cut_bytes = PackedColumn(batch.cut_bytes()),
                       .interface_index = PackedColumn(batch.interface_index()),
                       .skipped = PackedColumn(batch.skipped()),
                       .left_out = PackedColumn(batch.left_out()),
                       .duration_ns = PackedColumn(batch.duration_ns()),
                       .captured = batch.captured()};
    for (const FixedColumn& fixed : kFixedColumns) fields.*fixed.column = (batch.*fixed.parsed)();
    fields.column.reserve(static_cast<std::size_t>(batch.column_size()));
    for (const Column& column : batch.column()) fields.column.push_back(ColumnFields::of(column));
    return fields;
}

std::optional<BatchFields> BatchFields::in_place(std::string_view bytes) {
    return find_fields<BatchFields>(bytes);
}

bool BatchFields::broken() const {
    return interface.broken() || protocol.broken() || layers.broken() || time_delta_ns.broken() ||
           wire_bytes.broken() || cut_bytes.broken() || interface_index.broken() || skipped.broken() ||
           left_out.broken() || duration_ns.broken() || named.broken() || name_size.broken() ||
           std::ranges::any_of(column, [](const ColumnFields& fields) {
               return fields.row.broken() || fields.number.broken() || fields.text_size.broken();
           });
}

}  // namespace packetsentry::proto
