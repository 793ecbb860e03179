// TLS records (RFC 8446 section 5.1, RFC 5246 section 6.2), on any port by their shape: all those of a
// segment, and the messages in them. A segment that begins in the middle of a record is plain TCP.
#include <algorithm>
#include <array>

#include "daemon/dissect/application/application_protocols.h"
#include "daemon/dissect/application/tls_hello.h"
#include "daemon/dissect/number_word.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kRecordVersion = field("packetsentry.tls.record_version");
constexpr const FieldInfo& kAlertLevel = field("packetsentry.tls.alert.level");
constexpr const FieldInfo& kAlertDescription = field("packetsentry.tls.alert.description");

constexpr std::size_t kRecordHeaderBytes = 5, kMessageHeaderBytes = 4;
constexpr std::size_t kEncryptedBytes = 17;  // a record that is encrypted has at least these
constexpr std::size_t kRecordSizeLimit = 16384 + 2048;
constexpr std::size_t kMessageSizeLimit = 131072;  // bytes; a message's length beyond it is not one

// Looked at of a segment. There is an end to what an honest one has of either.
constexpr int kRecordLimit = 64, kMessageLimit = 64;

enum Content : std::uint8_t { kChangeCipherSpec = 20, kAlert = 21, kHandshake = 22, kApplicationData = 23 };
enum Handshake : std::uint8_t { kHelloRequest = 0, kClientHello = 1, kServerHello = 2 };

constexpr std::span<const NumberWord> kHandshakeWords = rows::kTlsHandshakeNames;

constexpr std::string_view kEncryptedHandshake = "Handshake";
constexpr std::string_view kServerHelloWord = "Server Hello", kNewSessionTicket = "New Session Ticket";

// RFC 8446 section 6, with those that RFC 5246 and SSL 3 had besides (IANA registry "TLS Alerts").
constexpr std::span<const NumberWord> kAlertLevels = rows::kTlsAlertLevelNames;
constexpr std::span<const NumberWord> kAlertWords = rows::kTlsAlertNames;

constexpr std::size_t kAlertBytes = 2;

// type (1) | version (2) | length (2)
struct Record {
    std::uint8_t type;
    std::uint16_t version;
    std::size_t size;

    explicit Record(Cursor& at) : type(at.u8()), version(at.u16()), size(at.u16()) {}

    [[nodiscard]] bool good() const {
        return type >= kChangeCipherSpec && type <= kApplicationData && version >> 8 == 3 &&
               (version & 0xFF) <= 4 && size > 0 && size <= kRecordSizeLimit;
    }
};

// What comes behind a record must look like another one, as far as it is there.
bool next_fits(Cursor next) {
    if (next.empty()) return true;
    if (next.peek() < kChangeCipherSpec || next.peek() > kApplicationData) return false;
    return !next.has(kRecordHeaderBytes) || Record(next).good();
}

// The messages of a segment: each word once, in the order of their coming.
class Messages {
  public:
    void add(std::string_view word) {
        const auto told = words();
        if (std::ranges::find(told, word) == told.end() && count_ < words_.size()) words_[count_++] = word;
    }
    [[nodiscard]] std::span<const std::string_view> words() const { return {words_.data(), count_}; }

  private:
    std::array<std::string_view, std::size(kHandshakeWords) + 4> words_;  // 4: the words of whole records
    std::size_t count_ = 0;
};

class Segment {
  public:
    explicit Segment(Dissection& out) : out_(out) {}

    // false: it does not begin with a record, and nothing was added to out.
    bool read(Cursor payload) {
        int records = 0;
        while (records < kRecordLimit && !payload.empty() && read_record(payload)) ++records;
        if (records == kRecordLimit && !payload.empty()) out_.incomplete = true;
        if (messages_.words().empty()) return false;
        tell();
        return true;
    }

  private:
    bool read_record(Cursor& payload) {
        const Record record(payload);
        if (payload.failed() || !record.good()) return false;
        const std::size_t here = std::min(record.size, payload.remaining());
        const Cursor body = Cursor::of_frame(payload.left().first(here), record.size);
        payload.skip(here);
        if (!can_be(record, body) || !next_fits(payload)) return false;
        record_version_ = record.version;
        if (version_ == 0) version_ = record.version;
        read_body(record, body);
        return true;
    }

    // A change and an alert have one size in the clear; a handshake is a message, the rest of one, or
    // encrypted.
    [[nodiscard]] bool can_be(const Record& record, const Cursor& body) const {
        const bool encrypted = record.size >= kEncryptedBytes;
        switch (record.type) {
            case kChangeCipherSpec:
                return record.size == 1 && body.peek() <= 1;
            case kAlert:
                return encrypted || (record.size == kAlertBytes && body.peek() <= 2);
            case kHandshake:
                return encrypted || pending_ != 0 || !message_word(body).empty();
            default:
                return true;
        }
    }

    void read_body(const Record& record, Cursor body) {
        if (record.type == kHandshake) return read_handshake(body);
        pending_ = 0;
        if (record.type == kAlert && record.size == kAlertBytes) read_alert(body);
        if (record.type == kChangeCipherSpec) read_change();
        messages_.add(record.type == kChangeCipherSpec ? "Change Cipher Spec"
                      : record.type == kAlert          ? "Alert"
                                                       : "Application Data");
    }

    void read_alert(Cursor body) {
        const std::uint8_t level = body.u8(), description = body.u8();
        if (body.failed()) return;
        if (const auto word = word_of(kAlertLevels, level); !word.empty()) out_.add(kAlertLevel, word);
        if (const auto word = word_of(kAlertWords, description); !word.empty())
            out_.add(kAlertDescription, word);
    }

    // Up to TLS 1.2 a server that resumes a session changes to its keys right behind its hello, without a
    // certificate or a key (RFC 5246 section 7.3, RFC 5077 section 3.1). TLS 1.3 has a change there that
    // means nothing.
    void read_change() {
        const bool older = version_ >= kSsl3 && version_ < kTls13;
        const auto is_of_resumption = [](std::string_view word) {
            return word == kServerHelloWord || word == kNewSessionTicket;
        };
        if (!changed_ && older && hello_ == kServerHelloWord &&
            std::ranges::all_of(messages_.words(), is_of_resumption))
            out_.add(kTlsResumption, "session resumed");
        changed_ = true;
    }

    // All messages of the record, behind the rest of one that began in the record before.
    void read_handshake(Cursor body) {
        const std::size_t rest = std::min(pending_, body.remaining_on_wire());
        pending_ -= rest;
        body.skip(rest);
        const bool continued = rest != 0;
        for (int i = 0; i < kMessageLimit && !body.failed() && body.remaining_on_wire() != 0; ++i)
            if (!read_message(body)) {
                if (i == 0 && !continued) messages_.add(kEncryptedHandshake);
                return;
            }
    }

    // false: it is no message in the clear.
    bool read_message(Cursor& body) {
        const std::string_view word = message_word(body);
        if (word.empty()) return false;
        const std::uint8_t type = body.u8();
        const std::size_t size = body.u24();
        const std::size_t here = std::min(size, body.remaining());
        const Cursor content = Cursor::of_frame(body.left().first(here), size);
        if (size > body.remaining_on_wire()) pending_ = size - body.remaining_on_wire();
        body.skip(std::min(size, body.remaining_on_wire()));
        if (type != kClientHello && type != kServerHello)
            messages_.add(word);
        else
            read_hello(type, word, content);
        return true;
    }

    void read_hello(std::uint8_t type, std::string_view word, const Cursor& hello) {
        messages_.add(word);
        if (!hello_.empty()) return;
        hello_ = word;
        out_.add(kRecordVersion, record_version_);
        const std::uint16_t version = type == kClientHello ? read_client_hello(hello, Ja4::Carrier::tcp, out_)
                                                           : read_server_hello(hello, out_);
        if (version != 0) version_ = version;
    }

    // The message at the cursor; empty where it is encrypted. A hello may go on in another segment or record,
    // and so may what follows one. Behind a change only a hello can be in the clear: the second one of a
    // client (RFC 8446 appendix D.4).
    [[nodiscard]] std::string_view message_word(Cursor body) const {
        const std::size_t there = body.remaining_on_wire();
        const std::uint8_t type = body.u8();
        const std::size_t size = body.u24();
        if (body.failed()) return {};
        if (type == kHelloRequest && (size != 0 || there != kMessageHeaderBytes)) return {};
        const bool hello =
            (type == kClientHello || type == kServerHello) && (body.peek() == 3 || body.peek() == 0x7F);
        if (changed_ && !hello) return {};
        const bool may_go_on = (hello || !hello_.empty()) && size <= kMessageSizeLimit;
        return may_go_on || kMessageHeaderBytes + size <= there ? word_of(kHandshakeWords, type)
                                                                : std::string_view();
    }

    void tell() {
        const std::string_view first = hello_.empty() ? messages_.words().front() : hello_;
        out_.protocol = &kTls;
        out_.add(kTlsMessage, first);
        for (const std::string_view word : messages_.words())
            if (word != first) out_.add(kTlsFurtherMessages, word);
        add_tls_version_protocol(version_, out_);
    }

    Dissection& out_;
    Messages messages_;
    std::size_t pending_ = 0;           // bytes that the next record has of a message that began in this one
    std::uint16_t record_version_ = 0;  // of the latest record
    std::uint16_t version_ = 0;         // of the hello; without one of the first record
    std::string_view hello_;            // the word of the first one
    bool changed_ = false;              // there was a Change Cipher Spec
};

}  // namespace

bool dissect_tls(Cursor payload, Dissection& out) {
    const bool may_be_record = payload.peek() >= kChangeCipherSpec && payload.peek() <= kApplicationData;
    return may_be_record && Segment(out).read(payload);
}

}  // namespace packetsentry::dissect
