// Batches for the tests of the client: rows as a test wants them, no worker needed.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "daemon/base/address.h"
#include "proto/messages/batch.pb.h"
#include "proto/rows/fields.h"
#include "proto/rows/fixed_numbers.h"

namespace packetsentry::ctl {

struct TestRow {
    std::int64_t time_ns = 0;
    std::uint16_t source = 0;  // slots
    std::uint16_t destination = 0;
    std::uint16_t source_mac = 0;
    std::uint16_t destination_mac = 0;
    std::uint16_t source_port = 0;
    std::uint16_t destination_port = 0;
    wire::Network network = wire::NETWORK_IPV4;
    std::uint8_t ip_protocol = 0;
    std::uint8_t protocol = 0;  // index
    int flags = 0;
    std::uint32_t wire_bytes = 100;
    std::uint32_t cut_bytes = 0;
};

class BatchMaker {
  public:
    explicit BatchMaker(const std::string& interface = "eth0") {
        batch_.set_table(wire::TABLE_PACKETS);
        batch_.set_first_number(1);
        batch_.add_interface()->set_name(interface);
    }

    // Gives the slot. A MAC is written 00-00-5e-00-53-01.
    std::uint16_t address(const std::string& text) {
        base::Address address = base::parse_ip(text).value_or(base::Address{});
        if (!address) {
            address.size = 6;
            for (std::size_t i = 0; i < 6; ++i)
                address.bytes[i] = static_cast<std::byte>(std::stoi(text.substr(3 * i, 2), nullptr, 16));
        }
        batch_.mutable_address()->append(reinterpret_cast<const char*>(address.bytes.data()), address.size);
        batch_.mutable_address_size()->push_back(static_cast<char>(address.size));
        return static_cast<std::uint16_t>(batch_.address_size().size());
    }

    // Gives the index.
    std::uint8_t protocol(std::string_view word, std::string_view name, bool shows_ports,
                          std::initializer_list<const char*> detail) {
        wire::Protocol& protocol = *batch_.add_protocol();
        protocol.set_word(std::string(word));
        protocol.set_name(std::string(name));
        protocol.set_shows_ports(shows_ports);
        for (const std::string_view path : detail) protocol.add_detail(rows::find_field(path)->number);
        return static_cast<std::uint8_t>(batch_.protocol_size() - 1);
    }

    // Gives the row's number.
    std::uint32_t row(const TestRow& row) {
        if (batch_.rows() == 0) batch_.set_first_time_ns(row.time_ns);
        batch_.add_time_delta_ns(batch_.rows() == 0 ? 0 : row.time_ns - last_time_ns_);
        last_time_ns_ = row.time_ns;
        batch_.add_wire_bytes(row.wire_bytes);
        batch_.add_cut_bytes(row.cut_bytes);
        proto::append_short(*batch_.mutable_source(), row.source);
        proto::append_short(*batch_.mutable_destination(), row.destination);
        proto::append_short(*batch_.mutable_source_mac(), row.source_mac);
        proto::append_short(*batch_.mutable_destination_mac(), row.destination_mac);
        proto::append_short(*batch_.mutable_source_port(), row.source_port);
        proto::append_short(*batch_.mutable_destination_port(), row.destination_port);
        batch_.mutable_network()->push_back(static_cast<char>(row.network));
        batch_.mutable_ip_protocol()->push_back(static_cast<char>(row.ip_protocol));
        batch_.mutable_protocol_index()->push_back(static_cast<char>(row.protocol));
        batch_.mutable_flags()->push_back(static_cast<char>(row.flags));
        batch_.set_rows(batch_.rows() + 1);
        return batch_.rows() - 1;
    }

    void text(const std::string& column, std::uint32_t row, std::string_view value, bool list = false) {
        wire::Column& target = column_of(column, wire::Column::TEXT, list);
        target.add_row(row);
        target.mutable_text()->append(value);
        target.add_text_size(static_cast<std::uint32_t>(value.size()));
    }
    void number(const std::string& column, std::uint32_t row, std::uint64_t value) {
        wire::Column& target = column_of(column, wire::Column::NUMBER, false);
        target.add_row(row);
        target.add_number(value);
    }
    void slot(const std::string& column, std::uint32_t row, std::uint32_t value, bool list = false) {
        wire::Column& target = column_of(column, wire::Column::ADDRESS, list);
        target.add_row(row);
        target.add_number(value);
    }

    [[nodiscard]] const wire::Batch& batch() const { return batch_; }
    [[nodiscard]] wire::Batch& batch() { return batch_; }

  private:
    wire::Column& column_of(const std::string& name, wire::Column::Kind kind, bool list) {
        const rows::FieldInfo* const field = rows::find_field(name);
        for (wire::Column& column : *batch_.mutable_column())
            if (field != nullptr ? column.field() == field->number : column.name() == name) return column;
        wire::Column& column = *batch_.add_column();
        if (field != nullptr)
            column.set_field(field->number);
        else
            column.set_name(name);
        column.set_kind(kind);
        column.set_list(list);
        return column;
    }

    wire::Batch batch_;
    std::int64_t last_time_ns_ = 0;
};

// Two rows of one protocol, "X".
inline wire::Batch two_rows() {
    BatchMaker maker;
    const auto protocol = maker.protocol("X", "", false, {});
    maker.row({.protocol = protocol});
    maker.row({.protocol = protocol});
    return maker.batch();
}

}  // namespace packetsentry::ctl
