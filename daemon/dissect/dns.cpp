// DNS (RFC 1035), multicast DNS (RFC 6762) and LLMNR (RFC 4795): one message format.
#include <algorithm>
#include <array>

#include "daemon/dissect/application_protocols.h"
#include "daemon/dissect/dns_name.h"
#include "daemon/dissect/dns_words.h"

namespace packetsentry::dissect {
namespace {

constexpr FieldName kId{"dns.id", FieldKind::number};
constexpr FieldName kType{"dns.type"};
constexpr FieldName kResponseCode{"dns.response_code"};
constexpr FieldName kQuestionName{"dns.question.name"};
constexpr FieldName kQuestionType{"dns.question.type"};
constexpr FieldName kAnswerName{"dns.answers.name", FieldKind::text, true};
constexpr FieldName kAnswerData{"dns.answers.data", FieldKind::text, true};
constexpr FieldName kResolvedIp{"dns.resolved_ip", FieldKind::address, true};

constexpr const FieldName* kDnsDetail[] = {&kQuestionName, &kQuestionType, &kResponseCode, &kResolvedIp};
constexpr Protocol kDns{"DNS", "dns", false, kDnsDetail};
constexpr Protocol kLlmnr{"LLMNR", "llmnr", false, kDnsDetail};
// Its announcements ask nothing, and their code is always 0.
constexpr const FieldName* kMdnsDetail[] = {&kQuestionName, &kQuestionType, &kAnswerName, &kResolvedIp};
constexpr Protocol kMdns{"mDNS", "mdns", false, kMdnsDetail};

constexpr int kItemLimit = 128;               // questions and records looked at
constexpr std::size_t kDataTextLimit = 2048;  // bytes of text after which no more answer data is kept

//  0                   1
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5   each of these lines is 16 bits
// |              ID               |
// |QR|Opcode |AA|TC|RD|RA|Z |RCODE|
// | questions  | answers          |
// | authority  | additional       |
struct Header {
    std::uint16_t id;
    std::uint16_t flags;
    std::uint16_t questions;
    std::array<std::uint16_t, 3> records;  // answers, authority, additional

    explicit Header(Cursor& message)
        : id(message.u16()),
          flags(message.u16()),
          questions(message.u16()),
          records{message.u16(), message.u16(), message.u16()} {}

    [[nodiscard]] bool response() const { return (flags & 0x8000) != 0; }
    [[nodiscard]] unsigned opcode() const { return flags >> 11 & 0xF; }
    [[nodiscard]] std::uint8_t code() const { return flags & 0xF; }
};

enum class RecordType : std::uint16_t {
    a = 1,
    ns = 2,
    cname = 5,
    ptr = 12,
    mx = 15,
    txt = 16,
    aaaa = 28,
    srv = 33,
    dname = 39,
};

constexpr std::uint16_t kInternet = 1;
constexpr std::uint16_t kCacheFlush = 0x8000;  // the class's top bit in mDNS

class Reader {
  public:
    Reader(Cursor message, const Protocol& protocol, Dissection& out)
        : whole_(message), at_(message), protocol_(protocol), out_(out) {}

    void read() {
        out_.protocol = &protocol_;
        const Header header(at_);
        if (!at_.failed()) {
            read_header(header);
            read_sections(header);
        }
        if (broken_ || at_.malformed()) out_.malformed = true;
    }

  private:
    void read_header(const Header& header) {
        out_.add(kId, header.id);
        out_.add(kType, header.response() ? "answer" : "query");
        if (header.response()) out_.add(kResponseCode, dns_response_word(header.code()));
    }

    void read_sections(const Header& header) {
        for (int i = 0; i < header.questions && more(); ++i) read_question(i == 0);
        for (std::size_t section = 0; section < header.records.size(); ++section)
            for (int i = 0; i < header.records[section] && more(); ++i)
                read_record(section == 0, header.questions == 0 && section == 0 && i == 0);
    }

    // Counts an item; false where reading ends.
    bool more() { return !broken_ && !at_.failed() && items_++ < kItemLimit; }

    bool good(DnsNameState state) {
        if (state == DnsNameState::malformed) broken_ = true;
        if (state == DnsNameState::cut) at_.fail();
        return state == DnsNameState::whole;
    }

    // Reads the name that begins at the cursor as a value of the field.
    bool read_name(const FieldName& field, Cursor& at) {
        const std::size_t begin = out_.begin_text();
        if (!good(read_dns_name(whole_, at, out_))) return false;
        out_.add(field, out_.text_since(begin));
        return true;
    }

    void read_question(bool told) {
        if (!(told ? read_name(kQuestionName, at_) : good(skip_dns_name(at_)))) return;
        const std::uint16_t type = at_.u16();
        at_.skip(2);
        if (told && !at_.failed()) out_.add(kQuestionType, dns_type_word(type, out_));
    }

    void read_record(bool answer, bool named) {
        if (!(named ? read_name(kAnswerName, at_) : good(skip_dns_name(at_)))) return;
        const auto type = static_cast<RecordType>(at_.u16());
        const std::uint16_t record_class = at_.u16() & static_cast<std::uint16_t>(~kCacheFlush);
        at_.skip(4);  // time to live
        const std::uint16_t size = at_.u16();
        const Cursor data = at_;
        at_.skip(size);
        if (at_.failed() || record_class != kInternet) return;
        if (type == RecordType::a || type == RecordType::aaaa)
            read_address(type, data, size, answer);
        else if (answer)
            read_data(type, data, size);
    }

    // Addresses beside the answers are those of name servers, but in mDNS those of what is announced.
    void read_address(RecordType type, Cursor data, std::uint16_t size, bool answer) {
        if (size != (type == RecordType::a ? 4 : 16)) {
            broken_ = true;
            return;
        }
        if (answer || &protocol_ == &kMdns) out_.add(kResolvedIp, base::Address::from(data.take(size)));
    }

    void read_data(RecordType type, Cursor data, std::uint16_t size) {
        if (out_.begin_text() > kDataTextLimit) return;
        switch (type) {
            case RecordType::ns:
            case RecordType::cname:
            case RecordType::ptr:
            case RecordType::dname:
                read_target(data, size, 0);
                break;
            case RecordType::mx:
                read_target(data, size, 2);  // after the preference
                break;
            case RecordType::srv:
                read_target(data, size, 6);  // after priority, weight and port
                break;
            case RecordType::txt:
                read_text(data.sub(size));
                break;
            default:
                break;
        }
    }

    void read_target(Cursor data, std::uint16_t size, std::size_t before) {
        const std::size_t end = data.position() + size;
        data.skip(before);
        if (!read_name(kAnswerData, data)) return;
        if (data.position() != end) broken_ = true;
    }

    // The first of its strings.
    void read_text(Cursor data) {
        Cursor first = data.sub(data.u8());
        if (data.failed())
            broken_ = true;
        else
            out_.add(kAnswerData, first.left_text());
    }

    Cursor whole_;
    Cursor at_;
    const Protocol& protocol_;
    Dissection& out_;
    int items_ = 0;
    bool broken_ = false;
};

bool dissect_message(Cursor payload, const Protocol& protocol, Dissection& out) {
    Reader(payload.rest(), protocol, out).read();
    return true;
}

// Whether these bytes can be the beginning of a message rather than the middle of one.
bool is_beginning(Cursor message, std::size_t size) {
    const Header header(message);
    if (message.failed() || header.opcode() > 6 || header.opcode() == 3 || header.code() > 11) return false;
    std::size_t records = 0;
    for (const std::uint16_t count : header.records) records += count;
    constexpr std::size_t kQuestionBytes = 5, kRecordBytes = 11;  // at least
    if (header.questions > 1 || header.questions + records == 0 ||
        kDnsHeaderBytes + header.questions * kQuestionBytes + records * kRecordBytes > size)
        return false;
    return skip_dns_name(message) != DnsNameState::malformed;
}

}  // namespace

bool dissect_dns(Cursor payload, Dissection& out) {
    return dissect_message(payload, kDns, out);
}

bool dissect_mdns(Cursor payload, Dissection& out) {
    return dissect_message(payload, kMdns, out);
}

bool dissect_llmnr(Cursor payload, Dissection& out) {
    return dissect_message(payload, kLlmnr, out);
}

// Two bytes of length go before each message (RFC 1035 section 4.2.2); the first of a segment is read.
bool dissect_dns_over_tcp(Cursor payload, Dissection& out) {
    const std::size_t size = payload.u16();
    const std::size_t here = std::min(size, payload.remaining());
    const Cursor message = Cursor::of_frame(payload.left().first(here), size);
    return !payload.failed() && is_beginning(message, size) && dissect_message(message, kDns, out);
}

}  // namespace packetsentry::dissect
