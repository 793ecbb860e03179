// Checked reading of a Batch, whoever sent it. After check() succeeds every accessor is in bounds for
// row < rows().
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/base/address.h"
#include "daemon/base/result.h"
#include "proto/messages/batch.pb.h"
#include "proto/rows/fields.h"
#include "proto/rows/fixed_numbers.h"

namespace packetsentry::proto {

inline constexpr std::uint32_t kBatchRowLimit = 65536;
inline constexpr int kBatchColumnLimit = 256;
// No row has a higher number, as no run of a job makes so many rows; sums of row numbers do not wrap.
inline constexpr std::uint64_t kNumberLimit = 1ULL << 56;
inline constexpr std::size_t kBatchAddressLimit = 65535;  // two bytes a row name an address
inline constexpr int kBatchInterfaceLimit = 4096;
inline constexpr int kBatchProtocolLimit = 256;
inline constexpr int kBatchLayersLimit = 4096;          // different chains of layers
inline constexpr std::size_t kLayersNamesLimit = 4096;  // bytes of one chain

// One sparse column. Values are numbered from 0; row(i) ascends.
class ColumnView {
  public:
    // field: null if the table of fields does not have it.
    ColumnView(const wire::Column& column, const rows::FieldInfo* field);

    [[nodiscard]] const rows::FieldInfo* field() const { return field_; }
    // A path, of whoever made the batch if the table of fields does not have it.
    [[nodiscard]] std::string_view name() const { return field_ != nullptr ? field_->path : column_->name(); }
    [[nodiscard]] wire::Column::Kind kind() const { return column_->kind(); }
    [[nodiscard]] bool list() const { return column_->list(); }
    [[nodiscard]] bool keyword() const { return column_->keyword(); }
    [[nodiscard]] std::size_t values() const { return static_cast<std::size_t>(column_->row_size()); }
    [[nodiscard]] std::uint32_t row(std::size_t i) const { return column_->row(static_cast<int>(i)); }
    // The first value of this row or of a later one; values(): there is none.
    [[nodiscard]] std::size_t first_value(std::uint32_t of_row) const {
        const auto found = std::lower_bound(column_->row().begin(), column_->row().end(), of_row);
        return static_cast<std::size_t>(found - column_->row().begin());
    }
    [[nodiscard]] std::uint64_t number(std::size_t i) const { return column_->number(static_cast<int>(i)); }
    // Bytes from the wire: escape before printing.
    [[nodiscard]] std::string_view text(std::size_t i) const {
        return {column_->text().data() + text_begin_[i], column_->text_size(static_cast<int>(i))};
    }
    [[nodiscard]] std::string_view all_text() const { return column_->text(); }

  private:
    const wire::Column* column_;
    const rows::FieldInfo* field_;
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
    // The number of a row, and by how much it is above that of the first row.
    [[nodiscard]] std::uint64_t number(std::uint32_t row) const {
        return first_number() + number_offset(row);
    }
    [[nodiscard]] std::uint64_t number_offset(std::uint32_t row) const {
        return left_out_.empty() ? row : row + left_out_[row];
    }
    // Rows are left out between others, as in an answer about the past. What a worker makes, and what a rows
    // file has, is whole.
    [[nodiscard]] bool leaves_rows_out() const { return !left_out_.empty(); }
    [[nodiscard]] const wire::Batch& batch() const { return *batch_; }
    // Without those of fields that only a newer program knows.
    [[nodiscard]] std::span<const ColumnView> columns() const { return columns_; }

    [[nodiscard]] std::int64_t time_ns(std::uint32_t row) const { return times_[row]; }
    // Among the packets that the source gave, from 1; 0: not told.
    [[nodiscard]] std::uint64_t place(std::uint32_t row) const {
        if (batch_->first_place() == 0) return 0;
        return batch_->first_place() + row + (skipped_.empty() ? 0 : skipped_[row]);
    }
    // The bytes of a packet, as far as they were captured, where the batch has them.
    [[nodiscard]] bool has_captured() const { return !batch_->captured().empty(); }
    [[nodiscard]] std::string_view captured(std::uint32_t row) const {
        if (!has_captured()) return {};
        return std::string_view(batch_->captured()).substr(captured_begin_[row], captured_bytes(row));
    }
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
    // slot 0 gives no address.
    [[nodiscard]] base::Address address(std::uint32_t slot) const {
        return slot == 0 ? base::Address{} : base::Address::from(std::as_bytes(address_bytes(slot)));
    }
    // Its bytes, and how many they are, for a slot that is not 0.
    [[nodiscard]] std::span<const char> address_bytes(std::uint32_t slot) const {
        return {batch_->address().data() + address_begin_[slot - 1], address_size(slot)};
    }
    [[nodiscard]] std::uint8_t address_size(std::uint32_t slot) const {
        return static_cast<std::uint8_t>(batch_->address_size()[slot - 1]);
    }

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

    // The chain of layers, as an index below layers_count(). A query or a renderer may cache by it while the
    // batch lasts. Index 0 has no layers.
    [[nodiscard]] std::uint32_t layers_index(std::uint32_t row) const {
        return optional(batch_->layers_index(), row);
    }
    [[nodiscard]] std::uint32_t layers_count() const {
        return static_cast<std::uint32_t>(batch_->layers_size()) + 1;
    }
    // "eth:ethertype:ip:tcp:http", for index < layers_count(). Bytes of whoever made the batch: escape before
    // printing.
    [[nodiscard]] std::string_view layers(std::uint32_t index) const {
        return index == 0 ? std::string_view() : batch_->layers(static_cast<int>(index - 1)).names();
    }
    // The outermost EtherType of packets with this chain; 0: none.
    [[nodiscard]] std::uint16_t ethertype(std::uint32_t index) const {
        if (index == 0) return 0;
        return static_cast<std::uint16_t>(batch_->layers(static_cast<int>(index - 1)).ethertype());
    }

    // Tells whether there is an outermost IP header that could be read. Without it the next six are 0 or
    // false.
    [[nodiscard]] bool has_ip(std::uint32_t row) const {
        const wire::Network layer = network(row);
        return (layer == wire::NETWORK_IPV4 || layer == wire::NETWORK_IPV6) && source(row) != 0;
    }
    [[nodiscard]] bool has_ipv4(std::uint32_t row) const {
        return network(row) == wire::NETWORK_IPV4 && source(row) != 0;
    }
    [[nodiscard]] std::uint8_t hop_limit(std::uint32_t row) const {
        return byte_at(batch_->hop_limit(), row);
    }
    [[nodiscard]] std::uint8_t dscp(std::uint32_t row) const {
        return byte_at(batch_->traffic_class(), row) >> 2;
    }
    [[nodiscard]] std::uint8_t ecn(std::uint32_t row) const {
        return byte_at(batch_->traffic_class(), row) & 3;
    }
    // Only IPv4 has it: IPv6 has 0.
    [[nodiscard]] std::uint16_t identification(std::uint32_t row) const {
        return optional(batch_->identification(), row);
    }
    [[nodiscard]] bool fragment_bit(std::uint32_t row, wire::FragmentBit bit) const {
        return (optional(batch_->fragment(), row) & bit) != 0;
    }
    // The first fragment, which is at 0, is one too.
    [[nodiscard]] bool is_fragment(std::uint32_t row) const {
        const std::uint16_t bits = optional(batch_->fragment(), row);
        const bool ipv6 = network(row) == wire::NETWORK_IPV6 && (bits & wire::FRAGMENT_HEADER) != 0;
        return ipv6 || (bits & (wire::FRAGMENT_MORE | kFragmentOffset)) != 0;
    }
    // In units of 8 bytes, as the header and Wireshark have it.
    [[nodiscard]] std::uint16_t fragment_offset(std::uint32_t row) const {
        return optional(batch_->fragment(), row) & kFragmentOffset;
    }

    // Tells whether there is a TCP header of which at least the fixed part was captured. Without it the next
    // five are 0, and the two numbers of the timestamp option also where it is not there.
    [[nodiscard]] bool has_tcp(std::uint32_t row) const {
        return (optional(batch_->tcp_flags(), row) & wire::TCP_HEADER) != 0;
    }
    // The nine flags, FIN the lowest, and the three reserved bits above them.
    [[nodiscard]] std::uint16_t tcp_flags(std::uint32_t row) const {
        return optional(batch_->tcp_flags(), row) & kTcpFlags;
    }
    [[nodiscard]] std::uint16_t tcp_window(std::uint32_t row) const {
        return optional(batch_->tcp_window(), row);
    }
    // On the wire.
    [[nodiscard]] std::uint16_t tcp_payload_bytes(std::uint32_t row) const {
        return optional(batch_->tcp_payload_bytes(), row);
    }
    [[nodiscard]] std::uint32_t tcp_sequence(std::uint32_t row) const {
        return long_at(batch_->tcp_sequence(), row);
    }
    [[nodiscard]] std::uint32_t tcp_acknowledgement(std::uint32_t row) const {
        return long_at(batch_->tcp_acknowledgement(), row);
    }
    [[nodiscard]] bool has_tcp_timestamps(std::uint32_t row) const {
        return (tcp_timestamp(row) | tcp_timestamp_echo(row)) != 0;
    }
    [[nodiscard]] std::uint32_t tcp_timestamp(std::uint32_t row) const {
        return long_at(batch_->tcp_timestamp(), row);
    }
    [[nodiscard]] std::uint32_t tcp_timestamp_echo(std::uint32_t row) const {
        return long_at(batch_->tcp_timestamp_echo(), row);
    }
    // Tells whether there is a UDP header. That of a jumbogram, whose length is 0, does not count.
    [[nodiscard]] bool has_udp(std::uint32_t row) const { return udp_length(row) != 0; }
    // As the header tells it.
    [[nodiscard]] std::uint16_t udp_length(std::uint32_t row) const {
        return optional(batch_->udp_length(), row);
    }

  private:
    explicit BatchView(const wire::Batch& batch);
    using Numbers = google::protobuf::RepeatedField<std::uint32_t>;
    [[nodiscard]] static std::uint32_t optional(const Numbers& column, std::uint32_t row) {
        return column.empty() ? 0 : column.Get(static_cast<int>(row));
    }
    [[nodiscard]] static std::uint16_t optional(const std::string& column, std::uint32_t row) {
        return column.empty() ? std::uint16_t{0} : short_at(column, row);
    }
    [[nodiscard]] static std::uint8_t byte_at(const std::string& column, std::uint32_t row) {
        return column.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(column[row]);
    }
    [[nodiscard]] static std::uint32_t long_at(const std::string& column, std::uint32_t row) {
        return column.empty() ? 0 : number_at<std::uint32_t>(column, row);
    }
    static constexpr std::uint16_t kFragmentOffset = 0x1FFF;
    static constexpr std::uint16_t kTcpFlags = 0x0FFF;

    const wire::Batch* batch_;
    std::vector<std::int64_t> times_;
    std::vector<std::uint64_t> left_out_;       // numbers before each row; empty: none
    std::vector<std::uint64_t> skipped_;        // before each row; empty: none
    std::vector<std::size_t> captured_begin_;   // of each row's bytes; empty: there are none
    std::vector<std::uint32_t> address_begin_;  // of each slot's bytes
    std::vector<ColumnView> columns_;
};

}  // namespace packetsentry::proto
