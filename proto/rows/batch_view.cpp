#include "proto/rows/batch_view.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace packetsentry::proto {
namespace {

using base::ErrorCode;
using Problem = std::optional<std::string>;

constexpr std::size_t kNameShown = 64;

Problem check_addresses(const BatchFields& batch) {
    if (batch.address_size.size() > kBatchAddressLimit) return "count of addresses";
    // To the end in any case, many at a time.
    std::size_t bytes = 0;
    unsigned wrong = 0;
    for (const char size : batch.address_size) {
        wrong |= unsigned{size != 4} & unsigned{size != 6} & unsigned{size != 16};
        bytes += static_cast<unsigned char>(size);
    }
    if (wrong != 0) return "address size";
    if (bytes != batch.address.size()) return "bytes of addresses";
    return {};
}

// A column of row numbers or other values: as many as rows, or (where it may be left out) none.
template <typename Column>
bool has_rows(const Column& column, std::size_t rows, bool optional) {
    return column.size() == rows || (optional && column.empty());
}

template <typename Number>
bool all_at_most(const PackedColumn<Number>& column, std::uint64_t limit) {
    return std::ranges::all_of(column.numbers(), [limit](auto value) { return value <= limit; });
}

// The highest value is found without a branch for each row, several rows at a time.
bool shorts_at_most(std::string_view column, std::uint64_t limit) {
    std::uint16_t highest = 0;
    for (std::size_t row = 0; row < column.size() / kShortBytes; ++row)
        highest = std::max(highest, short_at(column, row));
    return highest <= limit;
}

bool bytes_below(std::string_view column, std::size_t limit) {
    unsigned char highest = 0;
    for (const char value : column) highest = std::max(highest, static_cast<unsigned char>(value));
    return column.empty() || highest < limit;
}

Problem check_lengths(const BatchFields& batch) {
    const std::uint32_t rows = batch.rows;
    if (!has_rows(batch.time_delta_ns, rows, false)) return "length of the time column";
    const bool packets = batch.table == wire::TABLE_PACKETS;
    if (!has_rows(batch.wire_bytes, rows, !packets)) return "length of a column";
    // A packet cannot have lost bytes that it never had.
    if (batch.wire_bytes.empty() && !batch.cut_bytes.empty()) return "cut bytes";
    for (const auto* column : {&batch.cut_bytes, &batch.interface_index})
        if (!has_rows(*column, rows, true)) return "length of an optional column";
    if (!has_rows(batch.skipped, rows, true)) return "length of the column of skipped packets";
    if (!has_rows(batch.left_out, rows, true)) return "length of the column of rows left out";
    if (!has_rows(batch.duration_ns, rows, true)) return "length of the column of durations";
    const std::size_t named = batch.named.size();
    if (batch.name_size.size() != named || batch.name_source.size() != named ||
        (named == 0 && !batch.name.empty()))
        return "count of names";
    for (const FixedColumn& fixed : fixed_columns())
        if (!has_rows(batch.*fixed.column, fixed.row_bytes * rows, fixed.optional))
            return "length of a column of " + std::to_string(fixed.row_bytes) + " bytes a row";
    return {};
}

// After check_lengths().
Problem check_numbers(const BatchFields& batch) {
    if (batch.first_number == 0 || batch.first_number > kNumberLimit) return "row number";
    std::uint64_t last = batch.first_number + batch.rows - 1;
    const std::span<const std::uint64_t> left_out = batch.left_out.numbers();
    if (!left_out.empty() && left_out.front() != 0) return "rows left out before the first one";
    for (const std::uint64_t numbers : left_out) {
        if (numbers > kNumberLimit || last > kNumberLimit) return "rows left out";
        last += numbers;
    }
    if (last > kNumberLimit) return "row number";
    return {};
}

Problem check_ranges(const BatchFields& batch) {
    const std::uint64_t slots = batch.address_size.size();
    for (const auto& column : {batch.source, batch.destination, batch.source_mac, batch.destination_mac})
        if (!shorts_at_most(column, slots)) return "address slot";
    if (!bytes_below(batch.network, wire::Network_ARRAYSIZE)) return "network";
    if (!bytes_below(batch.flags, 2 * wire::Flag_MAX)) return "flags";
    if (!bytes_below(batch.protocol_index, batch.protocol.size())) return "protocol";
    if (batch.interface.size() == 0) return "interfaces";
    if (!all_at_most(batch.interface_index, batch.interface.size() - 1)) return "interface";
    if (!shorts_at_most(batch.layers_index, batch.layers.size())) return "chain of layers";
    const std::span<const std::uint32_t> cut = batch.cut_bytes.numbers();
    for (std::size_t row = 0; row < cut.size(); ++row)
        if (cut[row] > batch.wire_bytes[row]) return "cut bytes";
    return {};
}

// Nothing but sizes is to be checked of the numbers of headers: any number may stand in a packet.
Problem check_layers(const BatchFields& batch) {
    for (std::size_t i = 0; i < batch.layers.size(); ++i)
        if (const char* const problem = problem_of(batch.layers[i])) return problem;
    return {};
}

// After check_ranges().
Problem check_captured(const BatchFields& batch) {
    if (batch.captured.empty()) return {};
    std::uint64_t bytes = 0;
    for (const std::uint32_t wire_bytes : batch.wire_bytes.numbers()) bytes += wire_bytes;
    for (const std::uint32_t cut_bytes : batch.cut_bytes.numbers()) bytes -= cut_bytes;
    if (bytes != batch.captured.size()) return "captured bytes";
    return {};
}

template <typename Entries>
bool has_more_than(const Entries& entries, int limit) {
    return entries.size() > static_cast<std::size_t>(limit);
}

// Everything that every row has.
Problem check_rows(const BatchFields& batch) {
    if (!wire::Table_IsValid(batch.table) || batch.table == wire::TABLE_UNKNOWN) return "table";
    if (batch.rows == 0 || batch.rows > kBatchRowLimit) return "row count";
    if (batch.first_place > kNumberLimit) return "place of a packet";
    if (has_more_than(batch.interface, kBatchInterfaceLimit)) return "interface count";
    if (has_more_than(batch.protocol, kBatchProtocolLimit)) return "protocol count";
    if (has_more_than(batch.layers, kBatchLayersLimit)) return "count of chains of layers";
    if (has_more_than(batch.column, kBatchColumnLimit)) return "column count";
    if (auto problem = check_addresses(batch)) return problem;
    if (auto problem = check_lengths(batch)) return problem;
    if (auto problem = check_numbers(batch)) return problem;
    return check_ranges(batch);
}

}  // namespace

base::Result<BatchView> BatchView::check(const wire::Batch& batch) {
    BatchFields fields = BatchFields::of(batch);
    auto problem = check_rows(fields);
    if (!problem) problem = check_captured(fields);
    if (!problem) problem = check_layers(fields);
    if (problem) return base::fail(ErrorCode::internal, "bad batch: " + *problem);
    BatchView view(std::move(fields), &batch);
    problem = view.read_columns();
    if (problem) return base::fail(ErrorCode::internal, "bad batch: " + *problem);
    view.read_names();
    if (view.names_problem_ != nullptr)
        return base::fail(ErrorCode::internal, std::string("bad batch: ") + view.names_problem_);
    view.sum_times();
    view.sum_skipped();
    return view;
}

std::optional<BatchView> BatchView::in_place(std::string_view batch) {
    auto fields = BatchFields::in_place(batch);
    if (!fields || !fields->left_out.empty() || !fields->captured.empty() || check_rows(*fields) ||
        fields->broken())
        return std::nullopt;
    return BatchView(*std::move(fields), nullptr);
}

BatchView::BatchView(BatchFields fields, const wire::Batch* parsed)
    : fields_(std::move(fields)),
      parsed_(parsed),
      dictionary_(std::make_shared<const AddressDictionary>(fields_.address, fields_.address_size)) {
    std::uint64_t left_out = 0;
    for (const std::uint64_t numbers : fields_.left_out.numbers()) left_out_.push_back(left_out += numbers);
    if (has_captured()) {
        std::size_t begin = 0;
        for (std::uint32_t row = 0; row < rows(); ++row) {
            captured_begin_.push_back(begin);
            begin += captured_bytes(row);
        }
    }
    columns_.reserve(fields_.column.size());
    for (const ColumnFields& column : fields_.column) {
        const bool known = column.field == 0 || rows::find_field(column.field) != nullptr;
        if (known) columns_.emplace_back(column, rows(), *dictionary_);
    }
}

std::optional<std::string> BatchView::read_columns() const {
    for (const ColumnView& column : columns_)
        if (const char* const problem = column.read())
            return std::string(problem) + " '" + std::string(column.name().substr(0, kNameShown)) + "'";
    return std::nullopt;
}

bool BatchView::broken() const {
    return fields_.broken() || names_problem_ != nullptr ||
           std::ranges::any_of(columns_, &ColumnView::broken);
}

void BatchView::read_names() const {
    names_read_ = true;
    names_problem_ = names_.read(fields_);
}

void BatchView::sum_times() const {
    const std::span<const std::int64_t> deltas = fields_.time_delta_ns.numbers();
    times_.resize(deltas.size());
    // Unsigned, so that a forged delta wraps instead of overflowing.
    auto time = static_cast<std::uint64_t>(fields_.first_time_ns);
    for (std::size_t row = 0; row < deltas.size(); ++row) {
        time += static_cast<std::uint64_t>(deltas[row]);
        times_[row] = static_cast<std::int64_t>(time);
    }
}

void BatchView::sum_skipped() const {
    const std::span<const std::uint64_t> skipped = fields_.skipped.numbers();
    skipped_.resize(skipped.size());
    std::uint64_t sum = 0;
    for (std::size_t row = 0; row < skipped.size(); ++row) skipped_[row] = sum += skipped[row];
}

}  // namespace packetsentry::proto
