// Checked reading of a Batch, whoever sent it. Every accessor of a view is in bounds for row < rows().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/address.h"
#include "daemon/base/result.h"
#include "proto/messages/batch.pb.h"
#include "proto/rows/batch_fields.h"
#include "proto/rows/batch_names.h"
#include "proto/rows/column_view.h"
#include "proto/rows/fixed_numbers.h"

namespace packetsentry::proto {

inline constexpr std::size_t kBatchAddressLimit = 65535;  // two bytes a row name an address
// No row has a higher number, as no run of a job makes so many rows; sums of row numbers do not wrap.
inline constexpr std::uint64_t kNumberLimit = 1ULL << 56;

// Refers to the batch, which must outlive it unchanged.
class BatchView {
  public:
    // Sizes, indices, ascending rows, enum ranges, lengths, all of it. The message tells what is wrong.
    [[nodiscard]] static base::Result<BatchView> check(const wire::Batch& batch);
    // A view of a serialized batch as it stands in these bytes, which must outlive it unchanged. What costs
    // little is checked at once, and the rest when it is asked for: what turns out to be wrong then is zero
    // or not there, and broken() is true from then on, so whoever uses such a view looks there at the end.
    // Nothing: the batch is wrong, or allowed and unusual, or has rows left out or bytes of packets, which no
    // block of the spool has. Parsing tells which. Used by one thread at a time.
    [[nodiscard]] static std::optional<BatchView> in_place(std::string_view batch);

    [[nodiscard]] bool broken() const;
    // The batch of check(); null in place.
    [[nodiscard]] const wire::Batch* parsed() const { return parsed_; }

    [[nodiscard]] std::uint32_t rows() const { return fields_.rows; }
    [[nodiscard]] wire::Table table() const { return fields_.table; }
    [[nodiscard]] std::uint64_t first_number() const { return fields_.first_number; }
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
    [[nodiscard]] const BatchFields& fields() const { return fields_; }
    // Without those of fields that only a newer program knows.
    [[nodiscard]] std::span<const ColumnView> columns() const { return columns_; }

    [[nodiscard]] std::int64_t time_ns(std::uint32_t row) const {
        if (times_.empty()) sum_times();
        return times_[row];
    }
    // The times of all rows.
    [[nodiscard]] std::span<const std::int64_t> times() const {
        if (times_.empty()) sum_times();
        return times_;
    }
    // Among the packets that the source gave, from 1; 0: not told.
    [[nodiscard]] std::uint64_t place(std::uint32_t row) const {
        if (fields_.first_place == 0) return 0;
        if (skipped_.size() != fields_.skipped.size()) sum_skipped();
        return fields_.first_place + row + (skipped_.empty() ? 0 : skipped_[row]);
    }
    // The bytes of a packet, as far as they were captured, where the batch has them.
    [[nodiscard]] bool has_captured() const { return !fields_.captured.empty(); }
    [[nodiscard]] std::string_view captured(std::uint32_t row) const {
        if (!has_captured()) return {};
        return fields_.captured.substr(captured_begin_[row], captured_bytes(row));
    }
    // Packets alone have it.
    [[nodiscard]] std::uint32_t wire_bytes(std::uint32_t row) const {
        return optional(fields_.wire_bytes, row);
    }
    [[nodiscard]] std::uint32_t captured_bytes(std::uint32_t row) const {
        return wire_bytes(row) - optional(fields_.cut_bytes, row);
    }
    // Slots of the address dictionary; 0: none. A renderer may cache by slot while the batch lasts.
    [[nodiscard]] std::uint32_t source(std::uint32_t row) const { return short_at(fields_.source, row); }
    [[nodiscard]] std::uint32_t destination(std::uint32_t row) const {
        return short_at(fields_.destination, row);
    }
    [[nodiscard]] std::uint32_t source_mac(std::uint32_t row) const {
        return optional(fields_.source_mac, row);
    }
    [[nodiscard]] std::uint32_t destination_mac(std::uint32_t row) const {
        return optional(fields_.destination_mac, row);
    }
    [[nodiscard]] std::uint32_t address_slots() const {
        return static_cast<std::uint32_t>(fields_.address_size.size());
    }
    // slot 0 gives no address.
    [[nodiscard]] base::Address address(std::uint32_t slot) const { return dictionary_->address(slot); }
    // Its bytes, and how many they are, for a slot that is not 0.
    [[nodiscard]] std::span<const char> address_bytes(std::uint32_t slot) const {
        return dictionary_->bytes(slot);
    }
    [[nodiscard]] std::uint8_t address_size(std::uint32_t slot) const { return dictionary_->size(slot); }
    // The name that was seen on the wire for the address of a slot, if any was. slot 0 has none.
    [[nodiscard]] AddressName name_of(std::uint32_t slot) const {
        if (!has_names()) return {};
        if (!names_read_) read_names();
        return names_.of(slot);
    }
    [[nodiscard]] bool has_names() const { return !fields_.named.empty(); }

    [[nodiscard]] std::uint16_t source_port(std::uint32_t row) const {
        return optional(fields_.source_port, row);
    }
    [[nodiscard]] std::uint16_t destination_port(std::uint32_t row) const {
        return optional(fields_.destination_port, row);
    }
    [[nodiscard]] wire::Network network(std::uint32_t row) const {
        return static_cast<wire::Network>(fields_.network[row]);
    }
    [[nodiscard]] std::uint8_t ip_protocol(std::uint32_t row) const {
        return static_cast<std::uint8_t>(fields_.ip_protocol[row]);
    }
    [[nodiscard]] std::uint8_t protocol_index(std::uint32_t row) const {
        return static_cast<std::uint8_t>(fields_.protocol_index[row]);
    }
    [[nodiscard]] const wire::Protocol& protocol(std::uint32_t row) const {
        return fields_.protocol[protocol_index(row)];
    }
    [[nodiscard]] bool flag(std::uint32_t row, wire::Flag flag) const {
        return (fields_.flags[row] & flag) != 0;
    }
    [[nodiscard]] const wire::Interface& interface(std::uint32_t row) const {
        return fields_.interface[optional(fields_.interface_index, row)];
    }

    // The chain of layers, as an index below layers_count(). A query or a renderer may cache by it while the
    // batch lasts. Index 0 has no layers.
    [[nodiscard]] std::uint32_t layers_index(std::uint32_t row) const {
        return optional(fields_.layers_index, row);
    }
    [[nodiscard]] std::uint32_t layers_count() const {
        return static_cast<std::uint32_t>(fields_.layers.size()) + 1;
    }
    // "eth:ethertype:ip:tcp:http", for index < layers_count(). Bytes of whoever made the batch: escape before
    // printing.
    [[nodiscard]] std::string_view layers(std::uint32_t index) const {
        return index == 0 ? std::string_view() : fields_.layers[index - 1].names();
    }
    // The outermost EtherType of packets with this chain; 0: none.
    [[nodiscard]] std::uint16_t ethertype(std::uint32_t index) const {
        if (index == 0) return 0;
        return static_cast<std::uint16_t>(fields_.layers[index - 1].ethertype());
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
    [[nodiscard]] std::uint8_t hop_limit(std::uint32_t row) const { return byte_at(fields_.hop_limit, row); }
    [[nodiscard]] std::uint8_t dscp(std::uint32_t row) const {
        return byte_at(fields_.traffic_class, row) >> 2;
    }
    [[nodiscard]] std::uint8_t ecn(std::uint32_t row) const {
        return byte_at(fields_.traffic_class, row) & 3;
    }
    // Only IPv4 has it: IPv6 has 0.
    [[nodiscard]] std::uint16_t identification(std::uint32_t row) const {
        return optional(fields_.identification, row);
    }
    [[nodiscard]] bool fragment_bit(std::uint32_t row, wire::FragmentBit bit) const {
        return (optional(fields_.fragment, row) & bit) != 0;
    }
    // The first fragment, which is at 0, is one too.
    [[nodiscard]] bool is_fragment(std::uint32_t row) const {
        const std::uint16_t bits = optional(fields_.fragment, row);
        const bool ipv6 = network(row) == wire::NETWORK_IPV6 && (bits & wire::FRAGMENT_HEADER) != 0;
        return ipv6 || (bits & (wire::FRAGMENT_MORE | kFragmentOffset)) != 0;
    }
    // In units of 8 bytes, as the header and Wireshark have it.
    [[nodiscard]] std::uint16_t fragment_offset(std::uint32_t row) const {
        return optional(fields_.fragment, row) & kFragmentOffset;
    }

    // Tells whether there is a TCP header of which at least the fixed part was captured. Without it the next
    // five are 0, and the two numbers of the timestamp option also where it is not there.
    [[nodiscard]] bool has_tcp(std::uint32_t row) const {
        return (optional(fields_.tcp_flags, row) & wire::TCP_HEADER) != 0;
    }
    // The nine flags, FIN the lowest, and the three reserved bits above them.
    [[nodiscard]] std::uint16_t tcp_flags(std::uint32_t row) const {
        return optional(fields_.tcp_flags, row) & kTcpFlags;
    }
    [[nodiscard]] std::uint16_t tcp_window(std::uint32_t row) const {
        return optional(fields_.tcp_window, row);
    }
    // On the wire.
    [[nodiscard]] std::uint16_t tcp_payload_bytes(std::uint32_t row) const {
        return optional(fields_.tcp_payload_bytes, row);
    }
    [[nodiscard]] std::uint32_t tcp_sequence(std::uint32_t row) const {
        return long_at(fields_.tcp_sequence, row);
    }
    [[nodiscard]] std::uint32_t tcp_acknowledgement(std::uint32_t row) const {
        return long_at(fields_.tcp_acknowledgement, row);
    }
    [[nodiscard]] bool has_tcp_timestamps(std::uint32_t row) const {
        return (tcp_timestamp(row) | tcp_timestamp_echo(row)) != 0;
    }
    [[nodiscard]] std::uint32_t tcp_timestamp(std::uint32_t row) const {
        return long_at(fields_.tcp_timestamp, row);
    }
    [[nodiscard]] std::uint32_t tcp_timestamp_echo(std::uint32_t row) const {
        return long_at(fields_.tcp_timestamp_echo, row);
    }
    // Tells whether there is a UDP header. That of a jumbogram, whose length is 0, does not count.
    [[nodiscard]] bool has_udp(std::uint32_t row) const { return udp_length(row) != 0; }
    // As the header tells it.
    [[nodiscard]] std::uint16_t udp_length(std::uint32_t row) const {
        return optional(fields_.udp_length, row);
    }
    // wire::TcpNote, added up.
    [[nodiscard]] std::uint8_t tcp_notes(std::uint32_t row) const { return byte_at(fields_.tcp_notes, row); }

    // Packets have none. Their time is that of their end.
    [[nodiscard]] std::uint64_t duration_ns(std::uint32_t row) const {
        return fields_.duration_ns.empty() ? 0 : fields_.duration_ns[row];
    }
    // Forged numbers wrap.
    [[nodiscard]] std::int64_t begin_ns(std::uint32_t row) const {
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(time_ns(row)) - duration_ns(row));
    }

  private:
    BatchView(BatchFields fields, const wire::Batch* parsed);
    // Returns what is wrong with one.
    [[nodiscard]] std::optional<std::string> read_columns() const;
    // Keeps what is wrong with them.
    void read_names() const;
    void sum_times() const;
    void sum_skipped() const;
    [[nodiscard]] static std::uint32_t optional(const PackedColumn<std::uint32_t>& column,
                                                std::uint32_t row) {
        return column.empty() ? 0 : column[row];
    }
    [[nodiscard]] static std::uint16_t optional(std::string_view column, std::uint32_t row) {
        return column.empty() ? std::uint16_t{0} : short_at(column, row);
    }
    [[nodiscard]] static std::uint8_t byte_at(std::string_view column, std::uint32_t row) {
        return column.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(column[row]);
    }
    [[nodiscard]] static std::uint32_t long_at(std::string_view column, std::uint32_t row) {
        return column.empty() ? 0 : number_at<std::uint32_t>(column, row);
    }
    static constexpr std::uint16_t kFragmentOffset = 0x1FFF;
    static constexpr std::uint16_t kTcpFlags = 0x0FFF;

    BatchFields fields_;
    const wire::Batch* parsed_;
    std::shared_ptr<const AddressDictionary> dictionary_;  // stays where it is, as the columns refer to it
    // In place, the names are read when one is asked for.
    mutable BatchNames names_;
    mutable bool names_read_ = false;
    mutable const char* names_problem_ = nullptr;
    // In place, these two are empty until they are asked for.
    mutable std::vector<std::int64_t> times_;
    mutable std::vector<std::uint64_t> skipped_;  // before each row; empty: none
    std::vector<std::uint64_t> left_out_;         // numbers before each row; empty: none
    std::vector<std::size_t> captured_begin_;     // of each row's bytes; empty: there are none
    std::vector<ColumnView> columns_;
};

}  // namespace packetsentry::proto
