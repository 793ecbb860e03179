// What is known of one packet. Plain data: filled by the dissectors, read by daemon/record.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "daemon/base/address.h"
#include "daemon/dissect/cursor.h"
#include "daemon/dissect/header_fields.h"
#include "daemon/dissect/inner_network.h"
#include "daemon/dissect/layer_chain.h"
#include "proto/rows/fields.h"

namespace packetsentry::dissect {

using rows::field;
using rows::FieldInfo;
using rows::FieldKind;

// A field with its value. Only one of number, text and address is used: the one that the field's kind says.
struct Field {
    const FieldInfo* info = nullptr;
    std::uint64_t number = 0;
    std::string_view text;  // into the packet, into Dissection's own text, or static
    base::Address address;
};

// How a packet of one protocol reads on its line. The dissector tables point at these.
struct Protocol {
    std::string_view word = {};  // "DNS"
    std::string_view name = {};  // "dns", ECS network.protocol; empty where there is no application protocol
    bool shows_ports = false;    // the summary begins "TCP 12345 -> 80" rather than with the word
    std::span<const FieldInfo* const> detail = {};  // fields whose values follow in the summary, in order
    std::string_view layers = {};  // its names in the chain of layers, where that is not name: "wg"
};

class QuicConnections;

// One per worker, reused for every packet: reset() costs a few stores, whatever the size. Views in it
// live until the next reset() and no longer than the packet's bytes.
class Dissection {
  public:
    // What is beyond these limits is left out, and the packet is incomplete. They are above what a message of
    // a thousand DNS records needs. Only what a packet uses of them is ever touched.
    static constexpr std::size_t kFieldLimit = 8192;
    static constexpr std::size_t kTextLimit = 65536;  // bytes composed by dissectors for one packet

    void reset();

    // The record's own: the outermost network layer and the transport directly in it.
    base::Address source;  // for ARP the protocol addresses
    base::Address destination;
    base::Address source_mac;
    base::Address destination_mac;
    std::uint16_t source_port = 0;  // with has_ports only
    std::uint16_t destination_port = 0;
    std::uint8_t ip_protocol = 0;  // IANA number of what the outermost IP header carries; 0: none
    // The length of the outermost IP packet on the wire, with and without its headers, as they say it.
    std::uint32_t ip_bytes = 0;
    std::uint32_t ip_payload_bytes = 0;
    Network network = Network::none;
    bool has_ports = false;
    bool malformed = false;
    bool incomplete = false;  // a limit has left out something that the packet says
    std::string_view
        carries;  // the type of the tunnel that is directly in the outermost network; empty: none
    const Protocol* protocol = nullptr;  // the innermost protocol understood; never null after dissect()
    std::uint32_t interface_index = 0;   // of the system, from a cooked header (SLL2); 0: not told

    // Behind the header of TCP that HeaderFields has, as far as it was captured. Empty: there is none.
    std::span<const std::byte> tcp_payload;

    bool quic_opened = false;  // an Initial packet of QUIC was decrypted

    // What earlier packets have told, which reset() leaves as it is. Null: a packet is looked at by itself.
    QuicConnections* quic = nullptr;

    // The network layers inside of tunnels, the outermost first. The last one is the innermost of the packet:
    // where there are more than the limit, those before it are left out.
    static constexpr std::size_t kInnerLimit = 3;
    [[nodiscard]] std::span<const InnerNetwork> inner_networks() const {
        return {inner_networks_.data(), inner_count_};
    }
    InnerNetwork& begin_inner_network();

    LayerChain layers;
    HeaderFields headers;
    // Appends the names of the layers, as packetsentry.layers has them: "eth:ethertype:ip:tcp:http".
    void append_layers(std::string& text) const;

    [[nodiscard]] std::span<const Field> fields() const { return {fields_.data(), field_count_}; }
    void add(const FieldInfo& info, std::uint64_t number);
    void add(const FieldInfo& info, std::string_view text);
    void add(const FieldInfo& info, const base::Address& address);

    // The messages of DNS in a segment behind the first one. What they say is among the fields, behind those
    // of the first one. Whoever needs to know which of them says what dissects each by itself (DnsReader).
    static constexpr std::size_t kFurtherMessages = 63;
    [[nodiscard]] std::span<const Cursor> further_messages() const {
        return {further_messages_.data(), further_count_};
    }
    [[nodiscard]] bool first_message_malformed() const {
        return further_count_ == 0 ? malformed : first_malformed_;
    }
    [[nodiscard]] bool first_message_incomplete() const {
        return further_count_ == 0 ? incomplete : first_incomplete_;
    }
    [[nodiscard]] std::span<const Field> fields_of_first_message() const {
        return fields().first(further_count_ == 0 ? field_count_ : first_message_fields_);
    }
    // Call it before the message is dissected.
    void begin_further_message(const Cursor& message);

    // Appends to the packet's own text; what does not fit is left out. begin_text() marks where a composed
    // value starts, text_since() is the value.
    [[nodiscard]] std::size_t begin_text() const { return text_size_; }
    void put(char c) {
        if (text_size_ < kTextLimit)
            text_[text_size_++] = c;
        else
            incomplete = true;
    }
    void put(std::string_view text) {
        const std::size_t size = std::min(text.size(), kTextLimit - text_size_);
        if (size != text.size()) incomplete = true;
        if (size == 0) return;
        std::memcpy(text_.data() + text_size_, text.data(), size);
        text_size_ += size;
    }
    void put_number(std::uint64_t number);
    void put_hex(std::uint64_t number);  // "0x88b5"
    void put_address(const base::Address& address);
    [[nodiscard]] std::string_view text_since(std::size_t begin) const {
        return {text_.data() + begin, text_size_ - begin};
    }

  private:
    [[nodiscard]] Field* begin_field(const FieldInfo& info);  // null: there is no room

    std::array<InnerNetwork, kInnerLimit> inner_networks_{};
    std::array<Cursor, kFurtherMessages> further_messages_{};
    std::size_t further_count_ = 0;
    std::size_t first_message_fields_ = 0;
    bool first_malformed_ = false;
    bool first_incomplete_ = false;
    std::size_t inner_count_ = 0;
    std::size_t field_count_ = 0;
    std::size_t text_size_ = 0;
    std::array<Field, kFieldLimit> fields_{};
    std::array<char, kTextLimit> text_{};
};

}  // namespace packetsentry::dissect
