// Checked reading of a Batch, whoever sent it. After check() succeeds every accessor is in bounds for
// row < rows().
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/base/address.h"
#include "daemon/base/result.h"
#include "proto/messages/batch.pb.h"
#include "proto/rows/two_byte_numbers.h"

namespace packetsentry::proto {

inline constexpr std::uint32_t kBatchRowLimit = 65536;
inline constexpr int kBatchColumnLimit = 256;
// No run of a job makes so many rows; sums of row numbers do not wrap.
inline constexpr std::uint64_t kNumberLimit = 1ULL << 56;
inline constexpr int kBatchInterfaceLimit = 4096;
inline constexpr int kBatchProtocolLimit = 256;

// One sparse column. Values are numbered from 0; row(i) ascends.
class ColumnView {
  public:
    ColumnView(const wire::Column& column, const wire::Batch& batch);

    [[nodiscard]] std::string_view name() const { return column_->name(); }
    [[nodiscard]] wire::Column::Kind kind() const { return column_->kind(); }
    [[nodiscard]] bool list() const { return column_->list(); }
    [[nodiscard]] bool keyword() const { return column_->keyword(); }
    [[nodiscard]] std::size_t values() const { return static_cast<std::size_t>(column_->row_size()); }
    [[nodiscard]] std::uint32_t row(std::size_t i) const { return column_->row(static_cast<int>(i)); }
    [[nodiscard]] std::uint64_t number(std::size_t i) const { return column_->number(static_cast<int>(i)); }
    // Bytes from the wire: escape before printing.
    [[nodiscard]] std::string_view text(std::size_t i) const {
        return {column_->text().data() + text_begin_[i], column_->text_size(static_cast<int>(i))};
    }
    [[nodiscard]] std::string_view all_text() const { return column_->text(); }
    [[nodiscard]] base::Address address(std::size_t i) const;

  private:
    const wire::Column* column_;
    const wire::Batch* batch_;
    std::vector<std::uint32_t> text_begin_;
};

// Refers to the batch, which must outlive it unchanged.
class BatchView {
  public:
    // Sizes, indices, ascending rows, enum ranges, lengths, all of it. The message tells what is wrong.
    [[nodiscard]] static base::Result<BatchView> check(const wire::Batch& batch);

    [[nodiscard]] std::uint32_t rows() const { return batch_->rows(); }
    [[nodiscard]] wire::Table table() const { return batch_->table(); }
    [[nodiscard]] std::uint64_t first_number() const { return batch_->first_number(); }
    [[nodiscard]] const wire::Batch& batch() const { return *batch_; }
    [[nodiscard]] std::span<const ColumnView> columns() const { return columns_; }

    [[nodiscard]] std::int64_t time_ns(std::uint32_t row) const { return times_[row]; }
    [[nodiscard]] std::uint32_t wire_bytes(std::uint32_t row) const { return batch_->wire_bytes(int(row)); }
    [[nodiscard]] std::uint32_t captured_bytes(std::uint32_t row) const {
        return wire_bytes(row) - optional(batch_->cut_bytes(), row);
    }
    // Slots of the address dictionary; 0: none. A renderer may cache by slot while the batch lasts.
    [[nodiscard]] std::uint32_t source(std::uint32_t row) const { return short_at(batch_->source(), row); }
    [[nodiscard]] std::uint32_t destination(std::uint32_t row) const {
        return short_at(batch_->destination(), row);
    }
    [[nodiscard]] std::uint32_t source_mac(std::uint32_t row) const {
        return optional(batch_->source_mac(), row);
    }
    [[nodiscard]] std::uint32_t destination_mac(std::uint32_t row) const {
        return optional(batch_->destination_mac(), row);
    }
    [[nodiscard]] std::uint32_t address_slots() const {
        return static_cast<std::uint32_t>(batch_->address_size().size());
    }
    [[nodiscard]] base::Address address(std::uint32_t slot) const { return slot_address(*batch_, slot); }

    [[nodiscard]] std::uint16_t source_port(std::uint32_t row) const {
        return optional(batch_->source_port(), row);
    }
    [[nodiscard]] std::uint16_t destination_port(std::uint32_t row) const {
        return optional(batch_->destination_port(), row);
    }
    [[nodiscard]] wire::Network network(std::uint32_t row) const {
        return static_cast<wire::Network>(batch_->network()[row]);
    }
    [[nodiscard]] std::uint8_t ip_protocol(std::uint32_t row) const {
        return static_cast<std::uint8_t>(batch_->ip_protocol()[row]);
    }
    [[nodiscard]] std::uint8_t protocol_index(std::uint32_t row) const {
        return static_cast<std::uint8_t>(batch_->protocol_index()[row]);
    }
    [[nodiscard]] const wire::Protocol& protocol(std::uint32_t row) const {
        return batch_->protocol(protocol_index(row));
    }
    [[nodiscard]] bool flag(std::uint32_t row, wire::Flag flag) const {
        return (batch_->flags()[row] & flag) != 0;
    }
    [[nodiscard]] const wire::Interface& interface(std::uint32_t row) const {
        return batch_->interface(static_cast<int>(optional(batch_->interface_index(), row)));
    }

    // slot 0 gives no address.
    [[nodiscard]] static base::Address slot_address(const wire::Batch& batch, std::uint32_t slot);

  private:
    explicit BatchView(const wire::Batch& batch);
    using Numbers = google::protobuf::RepeatedField<std::uint32_t>;
    [[nodiscard]] static std::uint32_t optional(const Numbers& column, std::uint32_t row) {
        return column.empty() ? 0 : column.Get(static_cast<int>(row));
    }
    [[nodiscard]] static std::uint16_t optional(const std::string& column, std::uint32_t row) {
        return column.empty() ? std::uint16_t{0} : short_at(column, row);
    }

    const wire::Batch* batch_;
    std::vector<std::int64_t> times_;
    std::vector<ColumnView> columns_;
};

}  // namespace packetsentry::proto
