// The message format of DNS (RFC 1035), multicast DNS (RFC 6762) and LLMNR (RFC 4795), with what was added to
// it: NOTIFY (RFC 1996), UPDATE (RFC 2136), extended response codes (RFC 6891), stateful operations (RFC
// 8490).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "daemon/dissect/cursor.h"
#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

//  0                   1
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5   each of these lines is 16 bits
// |              ID               |
// |QR|Opcode |AA|TC|RD|RA|Z |RCODE|   the lower two bits of Z: AD, CD (RFC 4035)
// | questions  | answers          |
// | authority  | additional       |
struct DnsHeader {
    std::uint16_t id;
    std::uint16_t flags;
    std::uint16_t questions;
    std::array<std::uint16_t, 3> records;  // answers, authority, additional

    explicit DnsHeader(Cursor& message)
        : id(message.u16()),
          flags(message.u16()),
          questions(message.u16()),
          records{message.u16(), message.u16(), message.u16()} {}

    [[nodiscard]] bool is_response() const { return (flags & 0x8000) != 0; }
    [[nodiscard]] bool is_truncated() const { return (flags & 0x0200) != 0; }
    [[nodiscard]] bool has_reserved_bit() const { return (flags & 0x0040) != 0; }
    [[nodiscard]] std::uint8_t operation() const { return flags >> 11 & 0xF; }
    [[nodiscard]] std::uint8_t code() const { return flags & 0xF; }
};

// Numbers of operations.
enum DnsOperation : std::uint8_t { kDnsQuery = 0, kDnsStateful = 6 };

inline constexpr std::uint16_t kDnsInternet = 1;  // a class

enum class DnsProtocol : std::uint8_t { dns, mdns, llmnr };

// What messages of DNS about this class ("IN", "CH") have as Dissection::protocol.
[[nodiscard]] const Protocol& dns_protocol_of_class(std::string_view word);

// What the messages of one packet have cost so far.
struct DnsWork {
    int items = 0;  // questions and records
    int hops = 0;   // pointers followed in names
};

// Reads the messages of one packet. The first one fills the fields of which a packet has one value; what
// further messages and further questions ask is told in a line each. The answers of all are together in the
// lists of answers.
class DnsReader {
  public:
    static constexpr int kItemLimit = 1024;  // questions and records of a packet that are looked at

    DnsReader(DnsProtocol protocol, Dissection& out) : protocol_(protocol), out_(out) {}

    // message: from the first byte of its header to its end.
    void read(Cursor message);

  private:
    DnsProtocol protocol_;
    Dissection& out_;
    DnsWork work_;
    bool first_ = true;
};

}  // namespace packetsentry::dissect
