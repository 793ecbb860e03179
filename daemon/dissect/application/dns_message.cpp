#include "daemon/dissect/application/dns_message.h"

#include <optional>

#include "daemon/dissect/application/dns_data.h"
#include "daemon/dissect/application/dns_edns.h"
#include "daemon/dissect/application/dns_name.h"
#include "daemon/dissect/application/dns_record.h"
#include "daemon/dissect/application/dns_words.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kId = field("dns.id");
constexpr const FieldInfo& kType = field("dns.type");
constexpr const FieldInfo& kOperation = field("dns.op_code");
constexpr const FieldInfo& kHeaderFlags = field("dns.header_flags");
constexpr const FieldInfo& kFlagNumber = field("packetsentry.dns.flags");
constexpr const FieldInfo& kResponseCode = field("dns.response_code");
constexpr const FieldInfo& kQuestionName = field("dns.question.name");
constexpr const FieldInfo& kQuestionType = field("dns.question.type");
constexpr const FieldInfo& kQuestionClass = field("dns.question.class");
constexpr const FieldInfo& kAnnounced = field("packetsentry.dns.announced");
constexpr const FieldInfo& kResolvedIp = field("dns.resolved_ip");
constexpr const FieldInfo& kAdditionalIp = field("packetsentry.dns.additional_ip");
// What the line says where it is unusual: "CH", "UPDATE", "truncated".
constexpr const FieldInfo& kRemarks = field("packetsentry.dns.remarks");
// "www.example.com AAAA NOERROR", for each message and each question behind the first.
constexpr const FieldInfo& kFurther = field("packetsentry.dns.further");

constexpr const FieldInfo* kDnsDetail[] = {&kQuestionName, &kQuestionType, &kRemarks,
                                           &kResponseCode, &kResolvedIp,   &kFurther};
// A server tells of itself in a class that has no addresses (RFC 4892).
constexpr const FieldInfo* kOtherClassDetail[] = {&kQuestionName, &kQuestionType,  &kRemarks,
                                                  &kResponseCode, &kDnsAnswerData, &kFurther};
// Its announcements ask nothing, and their code is always 0.
constexpr const FieldInfo* kMdnsDetail[] = {&kQuestionName, &kQuestionType, &kRemarks,
                                            &kAnnounced,    &kResolvedIp,   &kFurther};
constexpr Protocol kDns{"DNS", "dns", false, kDnsDetail};
constexpr Protocol kDnsOtherClass{"DNS", "dns", false, kOtherClassDetail};
constexpr Protocol kMdns{"mDNS", "mdns", false, kMdnsDetail};
constexpr Protocol kLlmnr{"LLMNR", "llmnr", false, kDnsDetail};

const Protocol& protocol_of(DnsProtocol protocol) {
    return protocol == DnsProtocol::dns ? kDns : protocol == DnsProtocol::mdns ? kMdns : kLlmnr;
}

// Flags of the header by the words that ECS has for them.
struct FlagWord {
    std::uint16_t bit;
    std::string_view word;
};
constexpr std::uint16_t kTruncated = 0x0200;
constexpr FlagWord kFlagWords[] = {{0x0400, "AA"}, {kTruncated, "TC"}, {0x0100, "RD"},
                                   {0x0080, "RA"}, {0x0020, "AD"},     {0x0010, "CD"}};

// The types that read_dns_data() does not read.
enum class RecordType : std::uint16_t { a = 1, txt = 16, aaaa = 28, option = 41, spf = 99 };

constexpr std::size_t kSections = 3, kAdditional = 2;

constexpr std::uint16_t kChaos = 3;            // a class
constexpr std::uint16_t kTopOfClass = 0x8000;  // in mDNS it says something else (RFC 6762 section 18.12)

// Pointers followed in the names of a packet: so many for each item, and once as many as a name may have.
constexpr int kHopsPerItem = 8, kFirstHops = 128;

// Two bytes that lead to a position in the message: a name's end (RFC 1035 section 4.1.4).
constexpr std::size_t kPointer = 0xC000;

// 0: too far off for any.
constexpr std::size_t pointer_to(std::size_t position) {
    return position < 0x10000 - kPointer ? kPointer | position : 0;
}

// The option record may be anywhere among the additional ones. It is looked for beforehand, as it has a part
// of what comes first on the line.
EdnsOptions find_options(Cursor at, const DnsHeader& header) {
    if (header.records[kAdditional] == 0) return {};
    int items = 0;
    const auto more = [&] { return !at.failed() && items++ < DnsReader::kItemLimit; };
    const auto skip_name = [&] {
        if (skip_dns_name(at) != DnsNameState::whole) at.fail();
    };
    for (int i = 0; i < header.questions && more(); ++i) {
        skip_name();
        at.skip(4);
    }
    for (std::size_t section = 0; section < kSections; ++section)
        for (int i = 0; i < header.records[section] && more(); ++i) {
            skip_name();
            const auto type = static_cast<RecordType>(at.u16());
            if (section == kAdditional && type == RecordType::option) return EdnsOptions::read(at);
            at.skip(2 + 4);
            at.skip(at.u16());
        }
    return {};
}

class Message {
  public:
    Message(Cursor message, DnsProtocol protocol, bool first, DnsWork& work, Dissection& out)
        : whole_(message), at_(message), protocol_(protocol), first_(first), work_(work), out_(out) {}

    void read() {
        const DnsHeader header(at_);
        if (!at_.failed()) {
            options_ = find_options(at_, header);
            if (first_) tell_header(header);
            read_questions(header);
            read_records(header);
        }
        if (broken_ || at_.malformed()) out_.malformed = true;
    }

  private:
    [[nodiscard]] bool is_mdns() const { return protocol_ == DnsProtocol::mdns; }

    [[nodiscard]] std::uint16_t full_code(const DnsHeader& header) const {
        return static_cast<std::uint16_t>(options_.code << 4 | header.code());
    }

    void tell_header(const DnsHeader& header) {
        out_.protocol = &protocol_of(protocol_);
        out_.add(kId, header.id);
        out_.add(kType, header.is_response() ? "answer" : "query");
        out_.add(kOperation, dns_operation_word(header.operation()));
        out_.add(kFlagNumber, header.flags);
        tell_flags(header.flags);
        options_.tell(out_);
        if (header.is_response()) out_.add(kResponseCode, dns_response_word(full_code(header), out_));
        if (header.operation() != kDnsQuery) out_.add(kRemarks, dns_operation_word(header.operation()));
        if (header.is_truncated()) out_.add(kRemarks, "truncated");
    }

    // Tells the flags of the header. In LLMNR only the flag for a truncated message means the same as in DNS
    // (RFC 4795 section 2.1.1).
    void tell_flags(std::uint16_t flags) {
        if (protocol_ == DnsProtocol::llmnr) flags &= kTruncated;
        for (const FlagWord& row : kFlagWords)
            if ((flags & row.bit) != 0) out_.add(kHeaderFlags, row.word);
        if (options_.dnssec_ok) out_.add(kHeaderFlags, "DO");
    }

    void read_questions(const DnsHeader& header) {
        if (!first_ && header.questions == 0) tell_further({}, message_words(header));
        for (int i = 0; i < header.questions && more(); ++i) {
            if (i == 0 && first_)
                read_first_question();
            else
                read_further_question(i == 0 ? message_words(header) : Words());
        }
    }

    void read_records(const DnsHeader& header) {
        for (std::size_t section = 0; section < kSections; ++section)
            for (int i = 0; i < header.records[section] && more(); ++i)
                read_record(static_cast<DnsSection>(section),
                            header.questions == 0 && section == 0 && i == 0);
    }

    // Counts an item; false where reading ends.
    bool more() {
        if (work_.items++ == DnsReader::kItemLimit) out_.incomplete = true;
        return !broken_ && !at_.failed() && !out_.incomplete;
    }

    bool good(DnsNameState state) {
        if (state == DnsNameState::malformed) broken_ = true;
        if (state == DnsNameState::cut) at_.fail();
        return state == DnsNameState::whole;
    }

    DnsNameState follow(Cursor& name) {
        const auto state = read_dns_name(whole_, name, out_, work_.hops);
        limit_hops();
        return state;
    }

    void limit_hops() {
        if (work_.hops > kHopsPerItem * work_.items + kFirstHops) out_.incomplete = true;
    }

    // Reads the name that begins at the cursor; none where it is not whole.
    std::optional<std::string_view> read_name(Cursor& at) {
        const std::size_t begin = out_.begin_text();
        if (!good(follow(at)) || out_.incomplete) return std::nullopt;
        return out_.text_since(begin);
    }

    std::uint16_t read_class() {
        const std::uint16_t number = at_.u16();
        return is_mdns() ? static_cast<std::uint16_t>(number & ~kTopOfClass) : number;
    }

    void read_first_question() {
        const std::size_t position = at_.position();
        const auto name = read_name(at_);
        if (!name) return;
        remember_owner(pointer_to(position), *name);
        out_.add(kQuestionName, *name);
        const std::uint16_t type = at_.u16();
        const std::uint16_t number = read_class();
        if (at_.failed()) return;
        const std::string_view word = dns_class_word(number, out_);
        out_.add(kQuestionType, dns_type_word(type, out_));
        out_.add(kQuestionClass, word);
        if (number == kDnsInternet) return;
        out_.add(kRemarks, word);
        if (protocol_ == DnsProtocol::dns) out_.protocol = &dns_protocol_of_class(word);
    }

    // What follows the name in a further line: type, other class than the Internet's, then of a message what
    // is unusual about it, and its code. Empty where there is none.
    using Words = std::array<std::string_view, 5>;

    Words message_words(const DnsHeader& header) {
        Words words;
        if (header.operation() != kDnsQuery) words[2] = dns_operation_word(header.operation());
        if (header.is_truncated()) words[3] = "truncated";
        if (header.is_response()) words[4] = dns_response_word(full_code(header), out_);
        return words;
    }

    void read_further_question(Words words) {
        const Cursor name = at_;
        if (!good(skip_dns_name(at_))) return;
        const std::uint16_t type = at_.u16();
        const std::uint16_t number = read_class();
        if (at_.failed()) return;
        words[0] = dns_type_word(type, out_);
        if (number != kDnsInternet) words[1] = dns_class_word(number, out_);
        tell_further(name, words);
    }

    // The words come ready made, as some are put together in the same text.
    void tell_further(std::optional<Cursor> name, const Words& words) {
        const std::size_t begin = out_.begin_text();
        if (name && !good(follow(*name))) return;
        for (const std::string_view word : words) put_word(word, begin);
        if (!out_.incomplete) out_.add(kFurther, out_.text_since(begin));
    }

    void put_word(std::string_view word, std::size_t begin) {
        if (word.empty()) return;
        if (out_.begin_text() != begin) out_.put(' ');
        out_.put(word);
    }

    void remember_owner(std::size_t pointer, std::string_view name) {
        owner_pointer_ = pointer;
        owner_ = name;
    }

    // The name of a record. Most are a pointer to the one before, which is not read again. A record whose
    // name leads nowhere still has its data.
    std::string_view read_owner() {
        Cursor at = at_;
        if (!good(skip_dns_name(at_))) return {};
        const std::size_t first = std::size_t{at.peek(0)} << 8 | at.peek(1);
        const std::size_t pointer = first >= kPointer ? first : pointer_to(at.position());
        if (pointer != 0 && pointer == owner_pointer_) return owner_;
        const std::size_t begin = out_.begin_text();
        if (follow(at) != DnsNameState::whole) {
            out_.malformed = true;
            return {};
        }
        remember_owner(pointer, out_.text_since(begin));
        return owner_;
    }

    // The option record is none: what it says is told of the message (dns_edns.h).
    void read_record(DnsSection section, bool announced) {
        DnsRecord record;
        record.name = read_owner();
        if (broken_ || at_.failed()) return;
        if (announced && !record.name.empty()) out_.add(kAnnounced, record.name);
        const std::uint16_t type = at_.u16();
        const std::uint16_t record_class = read_class();
        record.ttl = at_.u32();
        const std::uint16_t size = at_.u16();
        Cursor data = at_;
        at_.skip(size);
        if (at_.failed() || static_cast<RecordType>(type) == RecordType::option) return;
        if (!data.narrow(size)) return;
        record.data = read_data(type, record_class, data, section);
        record.type = dns_type_word(type, out_);
        record.record_class = dns_class_word(record_class, out_);
        if (!out_.incomplete) add_dns_record(section, record, out_);
    }

    std::string_view read_data(std::uint16_t type, std::uint16_t record_class, const Cursor& data,
                               DnsSection section) {
        if (record_class != kDnsInternet && record_class != kChaos) return {};
        switch (static_cast<RecordType>(type)) {
            case RecordType::a:
                return record_class == kDnsInternet ? read_address(4, data, section) : std::string_view();
            case RecordType::aaaa:
                return record_class == kDnsInternet ? read_address(16, data, section) : std::string_view();
            case RecordType::txt:
            case RecordType::spf:
                return read_text(data);
            default:
                return read_words(type, data);
        }
    }

    // Addresses are the Internet's. Those beside the answers are of name servers, but in mDNS of what is
    // announced.
    std::string_view read_address(std::size_t size, Cursor data, DnsSection section) {
        if (data.remaining() != size) {
            broken_ = true;
            return {};
        }
        const auto address = base::Address::from(data.take(size));
        const bool told = section == DnsSection::answers || is_mdns();
        out_.add(told ? kResolvedIp : kAdditionalIp, address);
        const std::size_t begin = out_.begin_text();
        out_.put_address(address);
        return out_.text_since(begin);
    }

    // Data that contradicts its type says nothing, but what follows it can be read.
    std::string_view read_words(std::uint16_t type, const Cursor& data) {
        const auto words = read_dns_data(type, whole_, data, work_.hops, out_);
        limit_hops();
        if (!words) out_.malformed = true;
        return out_.incomplete ? std::string_view() : words.value_or(std::string_view());
    }

    // Its strings are one text that was too long for one (RFC 7208 section 3.3). A single one stays where it
    // is.
    std::string_view read_text(Cursor data) {
        const Cursor first = data.sub(data.u8());
        if (data.empty() && !data.failed()) return first.left_text();
        const std::size_t begin = out_.begin_text();
        out_.put(first.left_text());
        while (!data.empty()) out_.put(data.sub(data.u8()).left_text());
        if (data.failed()) broken_ = true;
        return broken_ || out_.incomplete ? std::string_view() : out_.text_since(begin);
    }

    Cursor whole_;
    Cursor at_;
    DnsProtocol protocol_;
    bool first_;
    DnsWork& work_;
    Dissection& out_;
    EdnsOptions options_;
    std::size_t owner_pointer_ = 0;  // what leads to owner_
    std::string_view owner_;
    bool broken_ = false;
};

}  // namespace

void DnsReader::read(Cursor message) {
    if (first_)
        out_.protocol = &protocol_of(protocol_);
    else
        out_.begin_further_message(message);
    Message(message, protocol_, first_, work_, out_).read();
    first_ = false;
}

const Protocol& dns_protocol_of_class(std::string_view word) {
    return word.empty() || word == "IN" ? kDns : kDnsOtherClass;
}

}  // namespace packetsentry::dissect
