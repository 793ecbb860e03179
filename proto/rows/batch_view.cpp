#include "proto/rows/batch_view.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

namespace packetsentry::proto {
namespace {

using base::ErrorCode;
using Problem = std::optional<std::string>;

constexpr std::size_t kNameShown = 64;
constexpr std::size_t kLongBytes = sizeof(std::uint32_t);

Problem check_addresses(const wire::Batch& batch) {
    if (batch.address_size().size() > kBatchAddressLimit) return "count of addresses";
    std::size_t bytes = 0;
    for (const char size : batch.address_size()) {
        if (size != 4 && size != 6 && size != 16) return "address size";
        bytes += static_cast<std::size_t>(size);
    }
    if (bytes != batch.address().size()) return "bytes of addresses";
    return {};
}

// A column of row numbers or other values: as many as rows, or (where it may be left out) none.
template <typename Column>
bool has_rows(const Column& column, std::size_t rows, bool optional) {
    return static_cast<std::size_t>(column.size()) == rows || (optional && column.empty());
}

template <typename Column>
bool all_at_most(const Column& column, std::uint64_t limit) {
    return std::ranges::all_of(column, [limit](auto value) { return value <= limit; });
}

bool shorts_at_most(const std::string& column, std::uint64_t limit) {
    for (std::size_t row = 0; row < column.size() / kShortBytes; ++row)
        if (short_at(column, row) > limit) return false;
    return true;
}

bool bytes_below(const std::string& column, std::size_t limit) {
    return std::ranges::all_of(column,
                               [limit](char value) { return static_cast<unsigned char>(value) < limit; });
}

Problem check_lengths(const wire::Batch& batch) {
    const std::uint32_t rows = batch.rows();
    if (!has_rows(batch.wire_bytes(), rows, false)) return "length of a column";
    for (const auto* column : {&batch.cut_bytes(), &batch.interface_index()})
        if (!has_rows(*column, rows, true)) return "length of an optional column";
    if (!has_rows(batch.skipped(), rows, true)) return "length of the column of skipped packets";
    if (!has_rows(batch.left_out(), rows, true)) return "length of the column of rows left out";
    for (const auto* column : {&batch.source(), &batch.destination()})
        if (!has_rows(*column, kShortBytes * rows, false)) return "length of a two-byte column";
    for (const auto* column :
         {&batch.source_mac(), &batch.destination_mac(), &batch.source_port(), &batch.destination_port(),
          &batch.layers_index(), &batch.identification(), &batch.fragment(), &batch.tcp_flags(),
          &batch.tcp_window(), &batch.tcp_payload_bytes(), &batch.udp_length()})
        if (!has_rows(*column, kShortBytes * rows, true)) return "length of an optional two-byte column";
    for (const auto* column : {&batch.tcp_sequence(), &batch.tcp_acknowledgement(), &batch.tcp_timestamp(),
                               &batch.tcp_timestamp_echo()})
        if (!has_rows(*column, kLongBytes * rows, true)) return "length of a four-byte column";
    for (const auto* column : {&batch.hop_limit(), &batch.traffic_class()})
        if (!has_rows(*column, rows, true)) return "length of an optional byte column";
    for (const auto* column :
         {&batch.network(), &batch.ip_protocol(), &batch.protocol_index(), &batch.flags()})
        if (!has_rows(*column, rows, false)) return "length of a byte column";
    if (!has_rows(batch.time_delta_ns(), rows, false)) return "length of the time column";
    return {};
}

// After check_lengths().
Problem check_numbers(const wire::Batch& batch) {
    if (batch.first_number() == 0 || batch.first_number() > kNumberLimit) return "row number";
    std::uint64_t last = batch.first_number() + batch.rows() - 1;
    if (!batch.left_out().empty() && batch.left_out(0) != 0) return "rows left out before the first one";
    for (const std::uint64_t numbers : batch.left_out()) {
        if (numbers > kNumberLimit || last > kNumberLimit) return "rows left out";
        last += numbers;
    }
    if (last > kNumberLimit) return "row number";
    return {};
}

Problem check_ranges(const wire::Batch& batch) {
    const std::uint64_t slots = batch.address_size().size();
    for (const auto* column :
         {&batch.source(), &batch.destination(), &batch.source_mac(), &batch.destination_mac()})
        if (!shorts_at_most(*column, slots)) return "address slot";
    if (!bytes_below(batch.network(), wire::Network_ARRAYSIZE)) return "network";
    if (!bytes_below(batch.flags(), 2 * wire::Flag_MAX)) return "flags";
    if (!bytes_below(batch.protocol_index(), static_cast<std::size_t>(batch.protocol_size())))
        return "protocol";
    if (batch.interface_size() == 0) return "interfaces";
    if (!all_at_most(batch.interface_index(), static_cast<std::uint64_t>(batch.interface_size() - 1)))
        return "interface";
    for (int row = 0; row < batch.cut_bytes_size(); ++row)
        if (batch.cut_bytes(row) > batch.wire_bytes(row)) return "cut bytes";
    return {};
}

// Nothing but sizes is to be checked of the numbers of headers: any number may stand in a packet.
Problem check_layers(const wire::Batch& batch) {
    if (batch.layers_size() > kBatchLayersLimit) return "count of chains of layers";
    for (const wire::Layers& layers : batch.layers()) {
        if (layers.names().size() > kLayersNamesLimit) return "names of layers";
        if (layers.ethertype() > std::numeric_limits<std::uint16_t>::max()) return "EtherType";
    }
    if (!shorts_at_most(batch.layers_index(), static_cast<std::uint64_t>(batch.layers_size())))
        return "chain of layers";
    return {};
}

// After check_ranges().
Problem check_captured(const wire::Batch& batch) {
    if (batch.captured().empty()) return {};
    std::uint64_t bytes = 0;
    for (const std::uint32_t wire_bytes : batch.wire_bytes()) bytes += wire_bytes;
    for (const std::uint32_t cut_bytes : batch.cut_bytes()) bytes -= cut_bytes;
    if (bytes != batch.captured().size()) return "captured bytes";
    return {};
}

Problem check_column(const wire::Column& column, const wire::Batch& batch) {
    if (!wire::Column::Kind_IsValid(column.kind())) return "column kind";
    const auto values = static_cast<std::size_t>(column.row_size());
    const bool text = column.kind() == wire::Column::TEXT;
    if (static_cast<std::size_t>(text ? column.text_size_size() : column.number_size()) != values)
        return "values of column";
    for (int i = 0; i < column.row_size(); ++i) {
        if (column.row(i) >= batch.rows()) return "row of column";
        if (i == 0) continue;
        const bool ascends =
            column.list() ? column.row(i) >= column.row(i - 1) : column.row(i) > column.row(i - 1);
        if (!ascends) return "order of column";
    }
    std::uint64_t sum = 0;
    for (const std::uint32_t size : column.text_size()) sum += size;
    if (sum != column.text().size()) return "text of column";
    if (column.kind() == wire::Column::ADDRESS && !all_at_most(column.number(), batch.address_size().size()))
        return "address of column";
    return {};
}

std::string name_of(const wire::Column& column) {
    if (column.field() == 0) return column.name().substr(0, kNameShown);
    const rows::FieldInfo* const field = rows::find_field(column.field());
    return field == nullptr ? "field " + std::to_string(column.field()) : std::string(field->path);
}

Problem check_all(const wire::Batch& batch) {
    if (!wire::Table_IsValid(batch.table()) || batch.table() == wire::TABLE_UNKNOWN) return "table";
    if (batch.rows() == 0 || batch.rows() > kBatchRowLimit) return "row count";
    if (batch.first_place() > kNumberLimit) return "place of a packet";
    if (batch.interface_size() > kBatchInterfaceLimit) return "interface count";
    if (batch.protocol_size() > kBatchProtocolLimit) return "protocol count";
    if (batch.column_size() > kBatchColumnLimit) return "column count";
    if (auto problem = check_addresses(batch)) return problem;
    if (auto problem = check_lengths(batch)) return problem;
    if (auto problem = check_numbers(batch)) return problem;
    if (auto problem = check_ranges(batch)) return problem;
    if (auto problem = check_captured(batch)) return problem;
    if (auto problem = check_layers(batch)) return problem;
    for (const wire::Column& column : batch.column())
        if (auto problem = check_column(column, batch)) return *problem + " '" + name_of(column) + "'";
    return {};
}

}  // namespace

ColumnView::ColumnView(const wire::Column& column, const rows::FieldInfo* field)
    : column_(&column), field_(field) {
    text_begin_.reserve(static_cast<std::size_t>(column.text_size_size()));
    std::uint32_t begin = 0;
    for (const std::uint32_t size : column.text_size()) {
        text_begin_.push_back(begin);
        begin += size;
    }
}

base::Result<BatchView> BatchView::check(const wire::Batch& batch) {
    if (auto problem = check_all(batch)) return base::fail(ErrorCode::internal, "bad batch: " + *problem);
    return BatchView(batch);
}

BatchView::BatchView(const wire::Batch& batch) : batch_(&batch) {
    times_.reserve(batch.rows());
    // Unsigned, so that a forged delta wraps instead of overflowing.
    auto time = static_cast<std::uint64_t>(batch.first_time_ns());
    for (const std::int64_t delta : batch.time_delta_ns()) {
        time += static_cast<std::uint64_t>(delta);
        times_.push_back(static_cast<std::int64_t>(time));
    }
    std::uint64_t left_out = 0, skipped = 0;
    for (const std::uint64_t numbers : batch.left_out()) left_out_.push_back(left_out += numbers);
    for (const std::uint64_t packets : batch.skipped()) skipped_.push_back(skipped += packets);
    if (has_captured()) {
        std::size_t begin = 0;
        for (std::uint32_t row = 0; row < batch.rows(); ++row) {
            captured_begin_.push_back(begin);
            begin += captured_bytes(row);
        }
    }
    address_begin_.reserve(batch.address_size().size());
    std::uint32_t begin = 0;
    for (const char size : batch.address_size()) {
        address_begin_.push_back(begin);
        begin += static_cast<std::uint32_t>(size);
    }
    columns_.reserve(static_cast<std::size_t>(batch.column_size()));
    for (const wire::Column& column : batch.column()) {
        const rows::FieldInfo* const field = rows::find_field(column.field());
        if (field != nullptr || column.field() == 0) columns_.emplace_back(column, field);
    }
}

}  // namespace packetsentry::proto
