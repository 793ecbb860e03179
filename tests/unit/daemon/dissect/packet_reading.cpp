#include "tests/unit/daemon/dissect/packet_reading.h"

#include "daemon/dissect/walk.h"
#include "proto/rows/tcp_flags.h"
#include "tests/unit/daemon/dissect/field_text.h"

namespace packetsentry::dissect {
namespace {

// As ctl/render/row_text.cpp puts it.
std::string values_text(const Dissection& out, const FieldInfo* info) {
    const HeaderFields& headers = out.headers;
    if (info == &field("packetsentry.tcp.flags"))
        return std::string(rows::bracketed_tcp_flags(static_cast<std::uint8_t>(headers.tcp_flags)));
    if (info == &field("packetsentry.tcp.payload_bytes"))
        return headers.tcp_payload_bytes == 0 ? "" : std::to_string(headers.tcp_payload_bytes) + " bytes";
    std::string text;
    for (const Field& field : out.fields())
        if (field.info == info) text += (text.empty() ? "" : ",") + value_text(field);
    return text;
}

std::string end_text(const Dissection& out, const base::Address& address, std::uint16_t port) {
    return base::to_string(address) + (out.has_ports ? ":" + std::to_string(port) : "");
}

std::string ends_text(const Dissection& out) {
    constexpr std::array<std::string_view, 4> names{"none", "ipv4", "ipv6", "arp"};
    std::string text(names.at(static_cast<std::size_t>(out.network)));
    if (out.ip_protocol != 0) text += " " + std::to_string(out.ip_protocol);
    if (!out.source) return text;
    return text + " " + end_text(out, out.source, out.source_port) + " -> " +
           end_text(out, out.destination, out.destination_port);
}

std::string transport_word(std::uint8_t ip_protocol) {
    return ip_protocol == 6 ? "TCP" : ip_protocol == 17 ? "UDP" : "SCTP";
}

std::string summary_text(const Dissection& out) {
    std::string text(out.protocol->word);
    if (out.protocol->shows_ports && out.has_ports)
        text = transport_word(out.ip_protocol) + " " + std::to_string(out.source_port) + " -> " +
               std::to_string(out.destination_port);
    for (const FieldInfo* info : out.protocol->detail)
        if (const std::string values = values_text(out, info); !values.empty()) text += " " + values;
    return text;
}

std::string fields_text(const Dissection& out) {
    std::string text;
    const Field* previous = nullptr;
    for (const Field& field : out.fields()) {
        if (field.info == &kDetail) continue;
        if (previous != nullptr && previous->info == field.info)
            text += "," + value_text(field);
        else
            text += (text.empty() ? "" : " ") + std::string(field.info->path) + "=" + value_text(field);
        previous = &field;
    }
    return text;
}

std::string layers_text(const Dissection& out) {
    std::string text;
    out.append_layers(text);
    return text;
}

}  // namespace

PacketReading read_packet(const test::Bytes& frame, std::uint32_t link_type,
                          std::optional<std::size_t> wire_bytes) {
    static Dissection out;  // a large one
    dissect(frame, wire_bytes.value_or(frame.size()), link_type, out);
    return {
        .ends = ends_text(out),
        .macs = base::to_string(out.source_mac) + " -> " + base::to_string(out.destination_mac),
        .summary = summary_text(out),
        .fields = fields_text(out),
        .has_detail = std::ranges::find(out.fields(), &kDetail, &Field::info) != out.fields().end(),
        .word = std::string(out.protocol->word),
        .layers = layers_text(out),
        .ethertype = out.layers.ethertype(),
        .headers = out.headers,
        .malformed = out.malformed,
        .incomplete = out.incomplete,
        .interface_index = out.interface_index,
    };
}

}  // namespace packetsentry::dissect
