// Batches made by hand, row by row, with the columns that a test wants.
#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "daemon/base/address.h"
#include "proto/messages/batch.pb.h"
#include "proto/rows/fields.h"
#include "proto/rows/fixed_numbers.h"

namespace packetsentry::test {

// What a row has in the columns that every row has. Addresses are empty for none.
struct RowValues {
    std::string source = {}, destination = {};
    std::string source_mac = {}, destination_mac = {};  // six bytes
    std::uint16_t source_port = 0, destination_port = 0;
    std::uint8_t ip_protocol = 0;
    int flags = wire::FLAG_NONE;  // FLAG_PORTS is added where there is a port
    std::string word = "DATA", name = "";
    std::string interface = "eth0";
    std::uint32_t link_type = 1;  // of the interface: Ethernet
    std::uint32_t wire_bytes = 60, cut_bytes = 0;
    std::int64_t time_ns = 0;
    bool arp = false;
    int tcp_flags = -1;           // -1: no TCP header
    std::string layers = "auto";  // "auto": what the other values suggest
};

class RowBuilder {
  public:
    RowBuilder() {
        batch_.set_table(wire::TABLE_PACKETS);
        batch_.set_first_number(1);
        batch_.set_first_place(11);
    }

    // Adds a row. The calls below are about the last one.
    RowBuilder& row(const RowValues& values);
    RowBuilder& text(std::string_view path, std::string_view value);
    RowBuilder& number(std::string_view path, std::uint64_t value);
    RowBuilder& address(std::string_view path, std::string_view value);

    // From now on numbers are left out before the last row. To be called once all rows are there.
    void leave_out_before_last(std::uint64_t numbers) {
        batch_.clear_left_out();
        for (std::uint32_t row = 0; row < batch_.rows(); ++row)
            batch_.add_left_out(row != 0 && row + 1 == batch_.rows() ? numbers : 0);
    }

    [[nodiscard]] const wire::Batch& batch() const { return batch_; }

  private:
    std::uint16_t slot(const base::Address& address);
    std::uint16_t ip_slot(std::string_view text);
    std::uint16_t mac_slot(std::string_view bytes);
    void add_codes(const RowValues& values);
    void add_layers(const RowValues& values);
    wire::Column& column(std::string_view path);

    wire::Batch batch_;
    std::map<std::string, std::uint16_t> slots_;
    std::map<std::string, wire::Column*, std::less<>> columns_;
    std::int64_t last_time_ = 0;
};

inline std::uint16_t RowBuilder::slot(const base::Address& address) {
    if (!address) return 0;
    const std::string bytes(reinterpret_cast<const char*>(address.bytes.data()), address.size);
    const auto [found, is_new] = slots_.try_emplace(bytes, static_cast<std::uint16_t>(slots_.size() + 1));
    if (is_new) {
        batch_.mutable_address()->append(bytes);
        batch_.mutable_address_size()->push_back(static_cast<char>(address.size));
    }
    return found->second;
}

inline std::uint16_t RowBuilder::ip_slot(std::string_view text) {
    const auto address = base::parse_ip(text);
    if (!address && !text.empty()) throw std::invalid_argument("no address: " + std::string(text));
    return address ? slot(*address) : std::uint16_t{0};
}

inline std::uint16_t RowBuilder::mac_slot(std::string_view bytes) {
    return slot(base::Address::from(std::as_bytes(std::span(bytes.data(), bytes.size()))));
}

inline void RowBuilder::add_codes(const RowValues& values) {
    const bool ports = values.source_port != 0 || values.destination_port != 0;
    const bool ipv6 = values.source.contains(':');
    const wire::Network network = values.arp              ? wire::NETWORK_ARP
                                  : values.source.empty() ? wire::NETWORK_NONE
                                  : ipv6                  ? wire::NETWORK_IPV6
                                                          : wire::NETWORK_IPV4;
    batch_.mutable_network()->push_back(static_cast<char>(network));
    batch_.mutable_ip_protocol()->push_back(static_cast<char>(values.ip_protocol));
    batch_.mutable_flags()->push_back(static_cast<char>(values.flags | (ports ? wire::FLAG_PORTS : 0)));
    int protocol = 0;
    while (protocol < batch_.protocol_size() && batch_.protocol(protocol).word() != values.word) ++protocol;
    if (protocol == batch_.protocol_size()) {
        batch_.add_protocol()->set_word(values.word);
        batch_.mutable_protocol(protocol)->set_name(values.name);
    }
    batch_.mutable_protocol_index()->push_back(static_cast<char>(protocol));
    int interface = 0;
    while (interface < batch_.interface_size() && batch_.interface(interface).name() != values.interface)
        ++interface;
    if (interface == batch_.interface_size()) {
        batch_.add_interface()->set_name(values.interface);
        batch_.mutable_interface(interface)->set_link_type(values.link_type);
    }
    batch_.add_interface_index(static_cast<std::uint32_t>(interface));
}

inline std::string likely_layers(const RowValues& values) {
    const bool ipv6 = values.source.contains(':');
    std::string chain = values.link_type == 1 ? "eth:ethertype" : "";
    const auto add = [&](std::string_view layer) {
        if (!chain.empty()) chain += ':';
        chain += layer;
    };
    if (values.arp || !values.source.empty()) add(values.arp ? "arp" : ipv6 ? "ipv6" : "ip");
    static const std::map<int, std::string_view> kCarried = {{1, "icmp"}, {6, "tcp"},     {17, "udp"},
                                                             {47, "gre"}, {58, "icmpv6"}, {132, "sctp"}};
    if (const auto carried = kCarried.find(values.ip_protocol); carried != kCarried.end())
        add(carried->second);
    if (!values.name.empty()) add(values.name);
    return chain;
}

inline void RowBuilder::add_layers(const RowValues& values) {
    const std::string chain = values.layers == "auto" ? likely_layers(values) : values.layers;
    int entry = 0;
    while (entry < batch_.layers_size() && batch_.layers(entry).names() != chain) ++entry;
    if (entry == batch_.layers_size()) batch_.add_layers()->set_names(chain);
    proto::append_short(*batch_.mutable_layers_index(), static_cast<std::uint16_t>(entry + 1));
    const int flags = values.tcp_flags < 0 ? 0 : values.tcp_flags | wire::TCP_HEADER;
    proto::append_short(*batch_.mutable_tcp_flags(), static_cast<std::uint16_t>(flags));
}

inline RowBuilder& RowBuilder::row(const RowValues& values) {
    if (batch_.rows() == 0) batch_.set_first_time_ns(last_time_ = values.time_ns);
    batch_.add_time_delta_ns(values.time_ns - last_time_);
    last_time_ = values.time_ns;
    batch_.add_wire_bytes(values.wire_bytes);
    batch_.add_cut_bytes(values.cut_bytes);
    proto::append_short(*batch_.mutable_source(), ip_slot(values.source));
    proto::append_short(*batch_.mutable_destination(), ip_slot(values.destination));
    proto::append_short(*batch_.mutable_source_mac(), mac_slot(values.source_mac));
    proto::append_short(*batch_.mutable_destination_mac(), mac_slot(values.destination_mac));
    proto::append_short(*batch_.mutable_source_port(), values.source_port);
    proto::append_short(*batch_.mutable_destination_port(), values.destination_port);
    add_codes(values);
    add_layers(values);
    batch_.set_rows(batch_.rows() + 1);
    return *this;
}

inline wire::Column& RowBuilder::column(std::string_view path) {
    if (const auto found = columns_.find(path); found != columns_.end()) return *found->second;
    const rows::FieldInfo* const info = rows::find_field(path);
    if (info == nullptr) throw std::invalid_argument("no field: " + std::string(path));
    wire::Column* const made = batch_.add_column();
    made->set_field(info->number);
    made->set_kind(rows::column_kind(info->kind));
    made->set_list(info->list());
    made->set_keyword(info->keyword());
    return *columns_.emplace(std::string(path), made).first->second;
}

inline RowBuilder& RowBuilder::text(std::string_view path, std::string_view value) {
    wire::Column& to = column(path);
    to.add_row(batch_.rows() - 1);
    to.mutable_text()->append(value);
    to.add_text_size(static_cast<std::uint32_t>(value.size()));
    return *this;
}

inline RowBuilder& RowBuilder::number(std::string_view path, std::uint64_t value) {
    wire::Column& to = column(path);
    to.add_row(batch_.rows() - 1);
    to.add_number(value);
    return *this;
}

inline RowBuilder& RowBuilder::address(std::string_view path, std::string_view value) {
    return number(path, ip_slot(value));
}

}  // namespace packetsentry::test
