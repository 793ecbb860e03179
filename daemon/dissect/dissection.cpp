#include "daemon/dissect/dissection.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>

namespace packetsentry::dissect {
namespace {

void put_based(Dissection& out, std::uint64_t number, int base) {
    std::array<char, 20> digits;
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number, base);
    out.put(std::string_view(digits.data(), written.ptr));
}

void put_ipv4(Dissection& out, const base::Address& address) {
    for (std::size_t i = 0; i < address.size; ++i) {
        if (i != 0) out.put('.');
        out.put_number(std::to_integer<std::uint64_t>(address.bytes[i]));
    }
}

// As lines have them everywhere (ctl/render/address_texts.h).
void put_mac(Dissection& out, const base::Address& address) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (std::size_t i = 0; i < address.size; ++i) {
        if (i != 0) out.put(':');
        const auto value = std::to_integer<unsigned>(address.bytes[i]);
        out.put(digits[value >> 4]);
        out.put(digits[value & 15]);
    }
}

std::string_view name_of(LayerName layer, const Protocol* protocol) {
    if (layer != LayerName::by_protocol || protocol == nullptr) return layer_text(layer);
    return protocol->layers.empty() ? protocol->name : protocol->layers;
}

}  // namespace

void Dissection::append_layers(std::string& text) const {
    const std::size_t begin = text.size();
    for (const LayerName layer : layers.names()) {
        const std::string_view name = name_of(layer, protocol);
        if (name.empty()) continue;
        if (text.size() != begin) text += ':';
        text += name;
    }
}

InnerNetwork& Dissection::begin_inner_network() {
    if (inner_count_ != kInnerLimit) ++inner_count_;
    return inner_networks_[inner_count_ - 1] = {};
}

void Dissection::reset() {
    source = destination = source_mac = destination_mac = {};
    source_port = destination_port = 0;
    ip_protocol = 0;
    ip_bytes = ip_payload_bytes = 0;
    network = Network::none;
    has_ports = malformed = incomplete = quic_opened = false;
    carries = {};
    protocol = nullptr;
    tcp_payload = {};
    interface_index = 0;
    inner_count_ = further_count_ = 0;
    layers.clear();
    headers = {};
    field_count_ = text_size_ = 0;
}

void Dissection::begin_further_message(const Cursor& message) {
    if (further_count_ == 0) {
        first_message_fields_ = field_count_;
        first_malformed_ = malformed;
        first_incomplete_ = incomplete;
    }
    if (further_count_ == kFurtherMessages)
        incomplete = true;
    else
        further_messages_[further_count_++] = message;
}

Field* Dissection::begin_field(const FieldInfo& info) {
    if (field_count_ == kFieldLimit) {
        incomplete = true;
        return nullptr;
    }
    Field& field = fields_[field_count_++];
    field.info = &info;
    return &field;
}

void Dissection::add(const FieldInfo& info, std::uint64_t number) {
    if (Field* field = begin_field(info)) field->number = number;
}

void Dissection::add(const FieldInfo& info, std::string_view text) {
    if (Field* field = begin_field(info)) field->text = text;
}

void Dissection::add(const FieldInfo& info, const base::Address& address) {
    if (Field* field = begin_field(info)) field->address = address;
}

void Dissection::put_number(std::uint64_t number) {
    put_based(*this, number, 10);
}

void Dissection::put_hex(std::uint64_t number) {
    put("0x");
    put_based(*this, number, 16);
}

void Dissection::put_address(const base::Address& address) {
    if (address.size == 4) return put_ipv4(*this, address);
    if (address.size != 16) return put_mac(*this, address);
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(AF_INET6, address.bytes.data(), text.data(), text.size());
    put(std::string_view(text.data()));
}

}  // namespace packetsentry::dissect
