#include "daemon/transactions/tls_handshakes.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "daemon/dissect/application/application_protocols.h"
#include "daemon/dissect/application/certificate.h"
#include "daemon/dissect/application/tls_flight.h"
#include "daemon/dissect/application/tls_groups.h"
#include "daemon/transactions/connection_ends.h"

namespace packetsentry::transactions {
namespace {

using dissect::Dissection;
using dissect::Field;
using dissect::field;
using dissect::FieldInfo;
using flows::FlowTuple;
namespace tcp_flag = flows::tcp_flag;

constexpr const FieldInfo& kMessageOfTls = field("packetsentry.tls.message");
constexpr const FieldInfo& kFurther = field("packetsentry.tls.further_messages");
constexpr const FieldInfo& kName = field("tls.client.server_name");
constexpr const FieldInfo& kEch = field("packetsentry.tls.ech");
constexpr const FieldInfo& kJa4 = field("packetsentry.tls.ja4");
constexpr const FieldInfo& kTlsVersion = field("tls.version");
constexpr const FieldInfo& kVersionProtocol = field("tls.version_protocol");
constexpr const FieldInfo& kCipher = field("tls.cipher");
constexpr const FieldInfo& kCurve = field("tls.curve");
constexpr const FieldInfo& kProtocolChosen = field("tls.next_protocol");
constexpr const FieldInfo& kResumption = field("packetsentry.tls.resumption");
constexpr const FieldInfo& kRetry = field("packetsentry.tls.hello_retry_request");
constexpr const FieldInfo& kLevel = field("packetsentry.tls.alert.level");
constexpr const FieldInfo& kDescription = field("packetsentry.tls.alert.description");
constexpr const FieldInfo& kQuicType = field("packetsentry.quic.packet_type");
constexpr const FieldInfo& kQuicId = field("packetsentry.quic.destination_connection_id");

// How a row reads on its line.
constexpr const FieldInfo* kHandshakeDetail[] = {&kName,           &kEch,        &kTlsVersion, &kCipher,
                                                 &kProtocolChosen, &kDescription};
constexpr dissect::Protocol kTlsHandshake{"TLS", "tls", false, kHandshakeDetail};
constexpr dissect::Protocol kSslHandshake{"SSL", "tls", false, kHandshakeDetail};
constexpr dissect::Protocol kQuicHandshake{"QUIC", "quic", false, kHandshakeDetail};

// What a hello says, the more important first, because what is long may leave no room for the rest.
constexpr std::array<const FieldInfo*, 9> kFieldsOfClient = {
    &kName,
    &kEch,
    &kVersionProtocol,
    &field("packetsentry.quic.version"),
    &kJa4,
    &field("packetsentry.tls.supported_versions"),
    &field("packetsentry.tls.client.alpn"),
    &kResumption,
    &field("packetsentry.tls.ja4_r"),
};
constexpr std::array<const FieldInfo*, 8> kFieldsOfServer = {
    &kTlsVersion,
    &kVersionProtocol,
    &field("packetsentry.tls.draft"),
    &kCipher,
    &field("packetsentry.tls.cipher_number"),
    &kCurve,
    &kProtocolChosen,
    &kResumption,
};

constexpr std::string_view kVersion13 = "1.3";

// A record with the end of a handshake in TLS 1.3, and with the shortest hash, behind its header: type and
// length of the message, the hash, the type of the record, and its tag (RFC 8446 sections 4.4.4 and 5.2). An
// alert has 2 bytes in place of the message.
constexpr std::uint32_t kFinishedBytes = 5 + 4 + 32 + 1 + 16;

constexpr std::size_t kRecordHeader = 5;
constexpr std::byte kHandshakeRecord{22};

std::string_view text_of(std::span<const Field> fields, const FieldInfo& info) {
    const auto found = std::ranges::find(fields, &info, &Field::info);
    return found == fields.end() ? std::string_view() : found->text;
}

bool has(std::span<const Field> fields, const FieldInfo& info) {
    return std::ranges::find(fields, &info, &Field::info) != fields.end();
}

bool has_word(std::span<const Field> fields, const FieldInfo& info, std::string_view word) {
    return std::ranges::any_of(fields,
                               [&](const Field& one) { return one.info == &info && one.text == word; });
}

bool says(std::span<const Field> fields, std::string_view message) {
    return has_word(fields, kMessageOfTls, message) || has_word(fields, kFurther, message);
}

bool has_hello(const Dissection& dissection) {
    const std::string_view message = text_of(dissection.fields(), kMessageOfTls);
    return message == "Client Hello" || message == "Server Hello";
}

Field number_field(const FieldInfo& info, std::uint64_t number) {
    return {.info = &info, .number = number, .text = {}, .address = {}};
}

Field text_field(const FieldInfo& info, std::string_view text) {
    return {.info = &info, .number = 0, .text = text, .address = {}};
}

// How many bytes there are from the beginning of a record to its end. None: that is not known yet.
std::optional<std::size_t> record_bytes(std::span<const std::byte> stream) {
    dissect::Cursor at(stream);
    at.skip(kRecordHeader - 2);
    const std::size_t size = at.u16();
    if (at.failed()) return std::nullopt;
    return kRecordHeader + size;
}

}  // namespace

struct TlsHandshakes::Said {
    explicit Said(const Dissection& dissection)
        : fields(dissection.fields()),
          quic(dissection.protocol->name == "quic"),
          tls(dissection.protocol->name == "tls"),
          message(text_of(fields, kMessageOfTls)),
          quic_type(quic ? text_of(fields, kQuicType) : std::string_view()) {
        if (quic) connection_id = std::hash<std::string_view>()(text_of(fields, kQuicId));
    }

    std::span<const Field> fields;
    bool quic;
    bool tls;
    std::string_view message;
    std::string_view quic_type;  // empty: a short header
    std::size_t connection_id = 0;
};

TlsHandshakes::TlsHandshakes(std::uint64_t seed, TransactionSink& sink, std::size_t most)
    : seed_(seed), sink_(sink), handshakes_(most) {}

// Whatever begins in the middle of a record may look like any protocol.
bool TlsHandshakes::may_be(const Dissection& dissection) const {
    const std::string_view name = dissection.protocol->name;
    if (name == "tls" || name == "quic") return waiting_.count != 0 || has_hello(dissection);
    if (waiting_.count == 0) return false;
    const dissect::HeaderFields& headers = dissection.headers;
    return (headers.tcp_flags & (tcp_flag::fin | tcp_flag::rst)) != 0 ||
           (gathering_ != 0 && headers.tcp_payload_bytes != 0);
}

TlsHandshakes::Index TlsHandshakes::find(const FlowTuple& tuple) const {
    const auto hash = static_cast<std::uint32_t>(flows::FlowKey(tuple).hash(seed_));
    return index_.find(hash, [&](Index index) { return has_same_ends(handshakes_[index].tuple, tuple); });
}

TlsHandshakes::Index TlsHandshakes::add(const FlowTuple& tuple) {
    if (handshakes_.full() && idle_.first == kNone) {
        ++evicted_;
        end(waiting_.first, Outcome::evicted);
    }
    if (handshakes_.full()) remove(idle_.first);
    const auto hash = static_cast<std::uint32_t>(flows::FlowKey(tuple).hash(seed_));
    const Index index = handshakes_.take_place();
    handshakes_[index] = {.tuple = tuple, .hash = hash};
    index_.insert(hash, index);
    handshakes_.append(waiting_, index, later(now_ns_, kPatience));
    return index;
}

void TlsHandshakes::restart(Index index) {
    if (!handshakes_[index].over) end_for_good(index);
    handshakes_.unlink(idle_, index);
    Handshake& one = handshakes_[index];
    one = {.tuple = one.tuple, .hash = one.hash};
    handshakes_.append(waiting_, index, later(now_ns_, kPatience));
}

void TlsHandshakes::take(const Dissection& dissection, const TlsPacket& packet, std::int64_t now_ns) {
    advance(now_ns, 1);
    const Said said(dissection);
    if (said.message == "Client Hello") take_client_hello(dissection, packet, said);
    Index index = find(packet.tuple);
    Side side = Side::client;
    if (index == kNone || said.message == "Server Hello") {
        side = Side::server;
        index = said.message == "Server Hello" ? take_server_hello(dissection, packet, said)
                                               : find(other_way(packet.tuple));
    }
    if (index != kNone && !handshakes_[index].over) take_more(index, side, packet, said);
}

void TlsHandshakes::take_client_hello(const Dissection& dissection, const TlsPacket& packet,
                                      const Said& said) {
    Index index = find(packet.tuple);
    if (index != kNone && is_of(handshakes_[index], packet, said))
        return hear_again(index, dissection, packet, said);
    if (index == kNone)
        index = add(packet.tuple);
    else
        restart(index);
    Handshake& one = handshakes_[index];
    one.quic = said.quic;
    one.connection_id = said.connection_id;
    one.asked = {.time_ns = packet.time_ns, .number = packet.number, .seen_on = packet.seen_on};
    store_client_hello(one, dissection);
    if (!packet.segment) {
        one.goes_on = !has(said.fields, kJa4);
        return;
    }
    one.asked->sequence = packet.segment->sequence;
    const auto needed = record_bytes(packet.payload);
    // A hello in the form of SSL 2 is in no record of this kind.
    const bool is_record = !packet.payload.empty() && packet.payload.front() == kHandshakeRecord;
    one.goes_on = is_record && (!needed || *needed > packet.payload.size());
    if (one.goes_on) gather(one, Gathered::client_hello, packet);
}

bool TlsHandshakes::is_of(const Handshake& one, const TlsPacket& packet, const Said& said) {
    if (!one.asked) return false;
    if (said.quic) return one.connection_id == said.connection_id || (!one.answered && !one.over);
    if (!packet.segment) return false;
    const bool is_second = one.asked_again && !one.answered && !one.over;
    return is_second || is_again(packet.segment->sequence, one.asked->sequence);
}

// The second hello of a handshake says what the first one does, but for what the server has asked for.
void TlsHandshakes::hear_again(Index index, const Dissection& dissection, const TlsPacket& packet,
                               const Said& said) {
    Handshake& one = handshakes_[index];
    if (one.over || one.answered) return;
    if (said.quic && one.goes_on) {
        store_client_hello(one, dissection);
        one.goes_on = !has(said.fields, kJa4);
    } else if (packet.seen_on == one.asked->seen_on && !one.asked_again) {
        ++one.repeats;
    }
    renew(index);
}

void TlsHandshakes::store_client_hello(Handshake& one, const Dissection& dissection) {
    one.incomplete = !one.client.store(dissection.fields(), kFieldsOfClient) || dissection.incomplete;
    one.malformed |= dissection.malformed;
}

TlsHandshakes::Index TlsHandshakes::take_server_hello(const Dissection& dissection, const TlsPacket& packet,
                                                      const Said& said) {
    Index index = find(other_way(packet.tuple));
    if (has(said.fields, kRetry)) {
        if (index == kNone || handshakes_[index].over || handshakes_[index].answered) return kNone;
        handshakes_[index].asked_again = true;
        renew(index);
        return kNone;
    }
    if (index == kNone) index = add(other_way(packet.tuple));
    Handshake& one = handshakes_[index];
    if (!one.over && !one.answered) answer(one, dissection, packet);
    return index;
}

void TlsHandshakes::answer(Handshake& one, const Dissection& dissection, const TlsPacket& packet) {
    one.answered = {.time_ns = packet.time_ns, .number = packet.number, .seen_on = packet.seen_on};
    one.incomplete |= !one.server.store(dissection.fields(), kFieldsOfServer) || dissection.incomplete;
    one.malformed |= dissection.malformed;
    one.modern = one.quic || text_of(dissection.fields(), kTlsVersion) == kVersion13;
    one.resumed = has_word(dissection.fields(), kResumption, "psk accepted");
    if (!packet.segment) return;
    one.answered->sequence = packet.segment->sequence;
    stop_gathering(one);
    if (!one.modern && dissection.protocol->name == "tls") gather(one, Gathered::server_flight, packet);
}

void TlsHandshakes::take_more(Index index, Side side, const TlsPacket& packet, const Said& said) {
    Handshake& one = handshakes_[index];
    if (packet.segment && packet.segment->payload_bytes != 0) gather_more(one, side, packet);
    if (const auto told = text_of(said.fields, kDescription); said.tls && !told.empty()) {
        one.alert = told;
        one.alert_level = text_of(said.fields, kLevel);
    }
    const bool is_reply = said.quic_type == "Initial" || said.quic_type == "Handshake";
    if (one.quic && side == Side::server && is_reply && !one.answered)
        one.answered = {.time_ns = packet.time_ns, .number = packet.number, .seen_on = packet.seen_on};
    if (one.answered) change(one, side, packet, said);
    const bool closes =
        packet.segment && (packet.segment->has(tcp_flag::fin) || packet.segment->has(tcp_flag::rst));
    if (one.established || closes || one.alert_level == "fatal") end_for_good(index);
}

void TlsHandshakes::change(Handshake& one, Side side, const TlsPacket& packet, const Said& said) {
    if (one.quic) {
        one.established = side == Side::client && said.quic && said.quic_type.empty();
        return;
    }
    if (!said.tls) return;
    const bool data = says(said.fields, "Application Data");
    if (one.modern) {
        one.established =
            side == Side::client && data && packet.segment && packet.segment->payload_bytes >= kFinishedBytes;
        return;
    }
    if (says(said.fields, "Change Cipher Spec")) {
        if (side == Side::server && !one.client_changed) one.resumed = true;
        (side == Side::client ? one.client_changed : one.server_changed) = true;
    }
    one.established = data || (one.client_changed && one.server_changed);
}

// Without all bytes of the first segment there is nothing to put together.
void TlsHandshakes::gather(Handshake& one, Gathered what, const TlsPacket& packet) {
    if (packet.payload.size() != packet.segment->payload_bytes || gathering_ == kGathering) {
        one.incomplete = true;
        return;
    }
    if (free_streams_.empty()) {
        one.stream = std::make_unique<StreamStart>();
    } else {
        one.stream = std::move(free_streams_.back());
        free_streams_.pop_back();
    }
    ++gathering_;
    one.gathered = what;
    one.stream->begin(packet.segment->sequence);
    one.stream->add(packet.segment->sequence, packet.payload);
}

void TlsHandshakes::gather_more(Handshake& one, Side side, const TlsPacket& packet) {
    const auto wanted = side == Side::client ? Gathered::client_hello : Gathered::server_flight;
    if (!one.stream || one.gathered != wanted) return;
    one.stream->add(packet.segment->sequence, packet.payload);
    if (wanted == Gathered::client_hello) read_gathered_hello(one);
}

void TlsHandshakes::read_gathered_hello(Handshake& one) {
    const auto stream = one.stream->whole();
    const auto needed = record_bytes(stream);
    if (!needed || *needed > stream.size()) {
        if (one.stream->full()) stop_gathering(one);
        return;
    }
    if (!scratch_) scratch_ = std::make_unique<Dissection>();
    scratch_->reset();
    if (dissect::dissect_tls(dissect::Cursor(stream.first(*needed)), *scratch_) &&
        text_of(scratch_->fields(), kMessageOfTls) == "Client Hello") {
        store_client_hello(one, *scratch_);
        one.goes_on = false;
    }
    stop_gathering(one);
}

void TlsHandshakes::stop_gathering(Handshake& one) {
    if (!one.stream) return;
    free_streams_.push_back(std::move(one.stream));
    one.stream = nullptr;
    one.gathered = Gathered::nothing;
    --gathering_;
}

void TlsHandshakes::advance(std::int64_t now_ns, std::size_t most) {
    now_ns_ = now_ns;
    for (std::size_t left = most; left != 0 && handshakes_.is_first_over(waiting_, now_ns); --left)
        end_for_good(waiting_.first);
    for (std::size_t left = most; left != 0 && handshakes_.is_first_over(idle_, now_ns); --left)
        remove(idle_.first);
}

bool TlsHandshakes::finish(std::int64_t now_ns, std::size_t most) {
    for (; most != 0 && waiting_.first != kNone; --most) {
        const bool waited = handshakes_.is_first_over(waiting_, now_ns);
        end(waiting_.first, waited ? Outcome::unanswered : Outcome::stopped);
    }
    return waiting_.first == kNone;
}

void TlsHandshakes::end_for_good(Index index) {
    end(index, Outcome::unanswered);
}

void TlsHandshakes::end(Index index, Outcome outcome) {
    Handshake& one = handshakes_[index];
    tell(one, outcome);
    stop_gathering(one);
    one.over = true;
    handshakes_.unlink(waiting_, index);
    handshakes_.append(idle_, index, later(now_ns_, kPatience));
}

void TlsHandshakes::tell(const Handshake& one, Outcome outcome) {
    const bool is_settled = one.established || outcome == Outcome::unanswered;
    const Hello& first = one.asked ? *one.asked : *one.answered;
    const Hello& last = one.answered ? *one.answered : first;
    Transaction transaction{.tuple = one.tuple, .seen_on = first.seen_on};
    transaction.outcome = !one.asked ? Outcome::unasked : one.answered ? Outcome::answered : outcome;
    transaction.has_time = first.time_ns && last.time_ns;
    transaction.begin_ns = transaction.has_time ? *first.time_ns : 0;
    transaction.end_ns = transaction.has_time ? *last.time_ns : 0;
    transaction.request_packet = one.asked ? one.asked->number : 0;
    transaction.response_packet = one.answered ? one.answered->number : 0;
    transaction.repeats = one.repeats;
    transaction.malformed = one.malformed;
    transaction.incomplete = one.incomplete || one.goes_on || (one.answered && outcome == Outcome::evicted);
    stored::Room room, server_room;
    transaction.request = one.client.fields(room);
    told_.clear();
    std::ranges::copy(one.server.fields(server_room), std::back_inserter(told_));
    add_server_fields(one, is_settled);
    if (one.gathered == Gathered::server_flight) transaction.incomplete |= !add_certificate(one);
    transaction.response = told_;
    const auto protocol = text_of(told_, kVersionProtocol);
    const bool ssl = (protocol.empty() ? text_of(transaction.request, kVersionProtocol) : protocol) == "ssl";
    transaction.protocol = one.quic ? &kQuicHandshake : ssl ? &kSslHandshake : &kTlsHandshake;
    sink_.transaction(transaction);
}

// QUIC has no other version (RFC 9001 section 4.2).
void TlsHandshakes::add_server_fields(const Handshake& one, bool is_settled) {
    if (one.answered && one.quic && !has(told_, kTlsVersion))
        told_.push_back(text_field(kTlsVersion, kVersion13));
    if (one.answered && is_settled)
        told_.push_back(number_field(field("tls.established"), one.established ? 1 : 0));
    if (one.answered && !one.quic) told_.push_back(number_field(field("tls.resumed"), one.resumed ? 1 : 0));
    if (one.asked_again) told_.push_back(number_field(kRetry, 1));
    if (!one.alert_level.empty()) told_.push_back(text_field(kLevel, one.alert_level));
    if (!one.alert.empty()) told_.push_back(text_field(kDescription, one.alert));
}

// Returns whether nothing of it is missing.
bool TlsHandshakes::add_certificate(const Handshake& one) {
    if (!scratch_) scratch_ = std::make_unique<Dissection>();
    if (!room_) room_ = std::make_unique<std::array<std::byte, StreamStart::kBytes>>();
    const dissect::TlsFlight flight = dissect::read_tls_flight(one.stream->whole(), *room_);
    if (flight.group && !has(told_, kCurve))
        if (const auto name = dissect::tls_group_name(*flight.group); !name.empty())
            told_.push_back(text_field(kCurve, name));
    if (flight.certificate.empty()) return flight.over || one.resumed;
    scratch_->reset();
    (void)dissect::read_server_certificate(flight.certificate, *scratch_);
    std::ranges::copy(scratch_->fields(), std::back_inserter(told_));
    return !scratch_->incomplete;
}

void TlsHandshakes::renew(Index index) {
    handshakes_.unlink(waiting_, index);
    handshakes_.append(waiting_, index, later(now_ns_, kPatience));
}

void TlsHandshakes::remove(Index index) {
    index_.erase(handshakes_[index].hash, index);
    handshakes_.unlink(idle_, index);
    handshakes_.release(index);
}

}  // namespace packetsentry::transactions
