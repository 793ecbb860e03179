// Answers of DNS as their servers send them, record by record.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "tests/support/packet_builder.h"

namespace packetsentry::test {

[[nodiscard]] inline Bytes dns_name(std::string_view name) {
    Bytes bytes;
    while (!name.empty()) {
        const std::string_view label = name.substr(0, name.find('.'));
        bytes = join({bytes, sized(text(label), 1)});
        name.remove_prefix(std::min(label.size() + 1, name.size()));
    }
    return join({bytes, hex("00")});
}

enum DnsType : std::uint16_t { kDnsA = 1, kDnsCname = 5, kDnsAaaa = 28 };

class DnsAnswer {
  public:
    explicit DnsAnswer(std::string_view question, std::uint16_t type = kDnsA)
        : question_(join({dns_name(question), big_endian(type, 2), hex("0001")})) {}

    // The four bits of the response code, and the operation.
    DnsAnswer& code(std::uint8_t code) { return code_ = code, *this; }
    DnsAnswer& operation(std::uint8_t operation) { return operation_ = operation, *this; }
    DnsAnswer& record(std::string_view owner, std::uint16_t type, const Bytes& data) {
        records_ =
            join({records_, dns_name(owner), big_endian(type, 2), hex("0001 0000003C"), sized(data, 2)});
        ++count_;
        return *this;
    }
    DnsAnswer& alias(std::string_view owner, std::string_view name) {
        return record(owner, kDnsCname, dns_name(name));
    }
    [[nodiscard]] Bytes message() const {
        const auto flags = static_cast<std::uint16_t>(0x8180 | operation_ << 11 | code_);
        return join({hex("1234"), big_endian(flags, 2), hex("0001"), big_endian(count_, 2), hex("0000 0000"),
                     question_, records_});
    }
    // From a server to 192.0.2.1.
    [[nodiscard]] Bytes frame() const {
        return PacketBuilder()
            .ethernet()
            .ipv4("192.0.2.53", "192.0.2.1")
            .udp(53, 40001)
            .payload(message())
            .build();
    }

  private:
    Bytes question_;
    Bytes records_;
    std::uint16_t count_ = 0;
    std::uint8_t code_ = 0;
    std::uint8_t operation_ = 0;
};

}  // namespace packetsentry::test
