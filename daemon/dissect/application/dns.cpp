// How DNS messages travel: in datagrams and, each behind its length, in segments (RFC 1035 section 4.2); and
// how one is told by its shape.
#include <algorithm>

#include "daemon/dissect/application/application_protocols.h"
#include "daemon/dissect/application/dns_message.h"
#include "daemon/dissect/application/dns_name.h"

namespace packetsentry::dissect {
namespace {

constexpr int kMessageLimit = 64;  // of a segment
static_assert(kMessageLimit == Dissection::kFurtherMessages + 1);

constexpr std::uint8_t kLastOperation = 6, kUnassignedOperation = 3;
constexpr std::uint8_t kLastCode = 11;
constexpr std::size_t kQuestionBytes = 5, kRecordBytes = 11;  // at least

bool dissect_message(Cursor payload, DnsProtocol protocol, Dissection& out) {
    DnsReader(protocol, out).read(payload.rest());
    return true;
}

bool has_known_numbers(const DnsHeader& header) {
    return header.operation() <= kLastOperation && header.operation() != kUnassignedOperation &&
           header.code() <= kLastCode;
}

std::size_t record_count(const DnsHeader& header) {
    std::size_t records = 0;
    for (const std::uint16_t count : header.records) records += count;
    return records;
}

// A server that refuses need not repeat the question. Stateful operations have no sections, and come with
// values of their own in place of them.
bool may_be_header_alone(const DnsHeader& header, std::size_t size) {
    return header.operation() == kDnsStateful || (header.is_response() && size == kDnsHeaderBytes);
}

// Whether these bytes can be the beginning of a message of this size rather than the middle of one.
bool is_beginning(Cursor message, std::size_t size) {
    const DnsHeader header(message);
    if (message.failed() || !has_known_numbers(header)) return false;
    const std::size_t records = record_count(header);
    if (header.questions + records == 0) return size >= kDnsHeaderBytes && may_be_header_alone(header, size);
    if (header.questions > 1 ||
        kDnsHeaderBytes + header.questions * kQuestionBytes + records * kRecordBytes > size)
        return false;
    return skip_dns_name(message) != DnsNameState::malformed;
}

// Moves past a name and so many bytes.
void skip_item(std::size_t size, Cursor& at) {
    if (skip_dns_name(at) != DnsNameState::whole) at.fail();
    at.skip(size);
}

bool is_class(std::uint16_t number) {
    return (number >= kDnsInternet && number <= 4) || number == 254 || number == 255;
}

// A message with one question that all of the bytes belong to, as far as they are there.
bool is_message(Cursor at) {
    const DnsHeader header(at);
    if (at.failed() || !has_known_numbers(header) || header.has_reserved_bit() || header.questions != 1)
        return false;
    skip_item(2, at);
    const std::uint16_t number = at.u16();
    if (at.failed() || !is_class(number)) return false;
    const std::size_t records = record_count(header);
    if (records * kRecordBytes > at.remaining_on_wire()) return false;
    for (std::size_t i = 0; i < records && !at.failed(); ++i) {
        skip_item(8, at);
        at.skip(at.u16());
    }
    return !at.malformed() && at.empty();
}

}  // namespace

bool dissect_dns(Cursor payload, Dissection& out) {
    return dissect_message(payload, DnsProtocol::dns, out);
}

bool dissect_mdns(Cursor payload, Dissection& out) {
    return dissect_message(payload, DnsProtocol::mdns, out);
}

bool dissect_llmnr(Cursor payload, Dissection& out) {
    return dissect_message(payload, DnsProtocol::llmnr, out);
}

bool dissect_dns_by_shape(Cursor payload, Dissection& out) {
    return is_message(payload) && dissect_dns(payload, out);
}

// Two bytes of length go before each message. The last one may go on in the next segment.
bool dissect_dns_over_tcp(Cursor payload, Dissection& out) {
    DnsReader reader(DnsProtocol::dns, out);
    int messages = 0;
    for (; messages < kMessageLimit && !payload.empty(); ++messages) {
        const std::size_t size = payload.u16();
        const std::size_t here = std::min(size, payload.remaining());
        const Cursor message = Cursor::of_frame(payload.left().first(here), size);
        if (payload.failed() || !is_beginning(message, size)) break;
        reader.read(message);
        payload.skip(here);
    }
    if (messages == kMessageLimit && !payload.empty()) out.incomplete = true;
    return messages != 0;
}

}  // namespace packetsentry::dissect
