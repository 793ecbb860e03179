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
constexpr const FieldInfo& kRecordVersion = field("packetsentry.tls.record_version");
constexpr const FieldInfo& kQuicVersion = field("packetsentry.quic.version");
constexpr const FieldInfo& kQuicType = field("packetsentry.quic.packet_type");
constexpr const FieldInfo& kQuicId = field("packetsentry.quic.destination_connection_id");
constexpr const FieldInfo& kQuicSenderId = field("packetsentry.quic.source_connection_id");

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
    &kQuicVersion,
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

// A record with the end of a handshake in TLS 1.3, behind its header: type and length of the message, the
// shortest hash, the type of the record, and the shortest tag (RFC 8446 sections 4.4.4 and 5.2; RFC 6655
// section 4). An alert has 2 bytes in place of the message, and at most 16 of a tag.
constexpr std::uint32_t kFinishedBytes = 5 + 4 + 32 + 1 + 8;

constexpr std::byte kHandshakeRecord{22};

// What a side says before it has keys; those who go on with an earlier session do not.
constexpr std::array<std::string_view, 4> kAgreeOnKey = {"Certificate", "Server Key Exchange",
                                                         "Server Hello Done", "Client Key Exchange"};

std::string_view text_of(std::span<const Field> fields, const FieldInfo& info) {
    const auto found = std::ranges::find(fields, &info, &Field::info);
    return found == fields.end() ? std::string_view() : found->text;
}

std::string_view last_text_of(std::span<const Field> fields, const FieldInfo& info) {
    std::string_view last;
    for (const Field& one : fields)
        if (one.info == &info) last = one.text;
    return last;
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

}  // namespace

struct TlsHandshakes::Said {
    explicit Said(const Dissection& dissection)
        : fields(dissection.fields()),
          quic(dissection.protocol->name == "quic"),
          tls(dissection.protocol->name == "tls"),
          message(text_of(fields, kMessageOfTls)),
          quic_type(quic ? text_of(fields, kQuicType) : std::string_view()),
          is_short(quic && quic_type.empty() && !has(fields, kQuicVersion)),
          opened(dissection.quic_opened) {
        if (quic) connection_id = hash_of(kQuicId);
    }
    [[nodiscard]] std::size_t hash_of(const FieldInfo& info) const {
        return std::hash<std::string_view>()(text_of(fields, info));
    }

    std::span<const Field> fields;
    bool quic;
    bool tls;
    std::string_view message;
    std::string_view quic_type;
    bool is_short;  // the header of QUIC
    bool opened;    // the packet of QUIC
    std::size_t connection_id = 0;
};

TlsHandshakes::TlsHandshakes(std::uint64_t seed, TransactionSink& sink, std::size_t most)
    : seed_(seed), sink_(sink), handshakes_(most) {
    gathering_.reserve(kGathering);
}

// Whatever begins in the middle of a record may look like any protocol.
bool TlsHandshakes::may_be(const Dissection& dissection) const {
    const std::string_view name = dissection.protocol->name;
    if (name == "tls" || name == "quic") return waiting_.count != 0 || has_hello(dissection);
    if (waiting_.count == 0) return false;
    const dissect::HeaderFields& headers = dissection.headers;
    return (headers.tcp_flags & (tcp_flag::fin | tcp_flag::rst)) != 0 ||
           (!gathering_.empty() && headers.tcp_payload_bytes != 0);
}

TlsHandshakes::Index TlsHandshakes::find(const FlowTuple& tuple) {
    const auto hash = static_cast<std::uint32_t>(flows::FlowKey(tuple).hash(seed_));
    const Index found =
        index_.find(hash, [&](Index index) { return has_same_ends(handshakes_[index].tuple, tuple); });
    if (found != kNone && !handshakes_[found].over && handshakes_.is_over(found, now_ns_))
        end(found, Outcome::unanswered);
    return found;
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
    if (!handshakes_[index].over) end(index, Outcome::unanswered);
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
    if (index != kNone && continues(handshakes_[index], packet, said))
        return hear_client_again(index, dissection, packet, said);
    if (index == kNone)
        index = add(packet.tuple);
    else
        restart(index);
    Handshake& one = handshakes_[index];
    one.quic = said.quic;
    one.first_id = one.retry_id = one.server_id = one.latest_id = said.connection_id;
    one.asked = {.time_ns = packet.time_ns, .number = packet.number, .seen_on = packet.seen_on};
    if (packet.segment) one.asked->sequence = packet.segment->sequence;
    hear_client(index, dissection, packet, said);
}

bool TlsHandshakes::continues(const Handshake& one, const TlsPacket& packet, const Said& said) {
    if (!one.asked) return false;
    if (said.quic)
        return said.connection_id == one.first_id || said.connection_id == one.retry_id ||
               said.connection_id == one.server_id || (!one.answered && !one.replied && !one.over);
    if (!packet.segment) return false;
    const bool is_second = one.asked_again && !one.answered && !one.over;
    return is_second || is_again(packet.segment->sequence, one.asked->sequence);
}

// The dissector computes a fingerprint of each whole hello, but for those in the form of SSL 2, which is in
// no record.
void TlsHandshakes::hear_client(Index index, const Dissection& dissection, const TlsPacket& packet,
                                const Said& said) {
    Handshake& one = handshakes_[index];
    store_client_hello(one, dissection);
    one.asks_on = !has(said.fields, kJa4) && (said.quic || has(said.fields, kRecordVersion));
    const bool begins = !packet.payload.empty() && packet.payload.front() == kHandshakeRecord;
    if (!one.asks_on || !packet.segment || !begins) return;
    gather(index, Gathered::client_hello, packet);
    read_gathered_client(index);
}

// The second hello of a handshake says what the first one does, but for what the server has asked for. It
// has to be sent, and so has that of a client of QUIC behind a Retry (RFC 9000 section 17.2.5), which has
// another ID.
void TlsHandshakes::hear_client_again(Index index, const Dissection& dissection, const TlsPacket& packet,
                                      const Said& said) {
    Handshake& one = handshakes_[index];
    if (one.over) return;
    const bool is_same = !one.asked_again && said.connection_id == one.latest_id;
    one.latest_id = said.connection_id;
    if (one.asks_on && (said.quic || one.asked_again)) return hear_client(index, dissection, packet, said);
    if (!one.answered && !one.replied && is_same && packet.seen_on == one.asked->seen_on) ++one.repeats;
}

void TlsHandshakes::store_client_hello(Handshake& one, const Dissection& dissection) {
    one.incomplete = !one.client.store(dissection.fields(), kFieldsOfClient) || dissection.incomplete;
    one.malformed |= dissection.malformed;
}

TlsHandshakes::Index TlsHandshakes::take_server_hello(const Dissection& dissection, const TlsPacket& packet,
                                                      const Said& said) {
    Index index = find(other_way(packet.tuple));
    if (has(said.fields, kRetry)) {
        if (index != kNone && !handshakes_[index].over && !handshakes_[index].answered)
            handshakes_[index].asked_again = true;
        return kNone;
    }
    if (index == kNone) index = add(other_way(packet.tuple));
    Handshake& one = handshakes_[index];
    if (one.over) return index;
    if (!one.answered) {
        hear_server(index, dissection, packet, said);
    } else if (said.quic && one.answers_on) {
        store_server_hello(one, dissection);
        one.answers_on = one.era == Era::unknown;
    }
    return index;
}

void TlsHandshakes::hear_server(Index index, const Dissection& dissection, const TlsPacket& packet,
                                const Said& said) {
    Handshake& one = handshakes_[index];
    one.quic = said.quic;
    one.answered = {.time_ns = packet.time_ns, .number = packet.number, .seen_on = packet.seen_on};
    store_server_hello(one, dissection);
    if (!packet.segment) {
        one.answers_on = one.era == Era::unknown;
        return;
    }
    one.answered->sequence = packet.segment->sequence;
    one.old_form = !has(said.fields, kRecordVersion);
    one.answers_on = !one.old_form && one.era == Era::unknown;
    if (one.old_form || one.era == Era::since_13) return stop_gathering(index);
    gather(index, Gathered::server_flight, packet);
    read_gathered_server(index);
}

void TlsHandshakes::store_server_hello(Handshake& one, const Dissection& dissection) {
    one.incomplete |= !one.server.store(dissection.fields(), kFieldsOfServer) || dissection.incomplete;
    one.malformed |= dissection.malformed;
    const auto version = text_of(dissection.fields(), kTlsVersion);
    if (!version.empty()) one.era = version == kVersion13 ? Era::since_13 : Era::before_13;
    one.resumed = has_word(dissection.fields(), kResumption, "psk accepted");
}

void TlsHandshakes::take_more(Index index, Side side, const TlsPacket& packet, const Said& said) {
    Handshake& one = handshakes_[index];
    if (packet.segment && packet.segment->payload_bytes != 0) gather_more(index, side, packet);
    if (const auto level = last_text_of(said.fields, kLevel); said.tls && !level.empty()) {
        one.alert_level = level;
        one.alert = last_text_of(said.fields, kDescription);
    }
    if (one.quic && side == Side::server && !said.quic_type.empty()) hear_reply(one, packet, said);
    if (one.answered || one.replied) change(one, side, packet, said);
    const bool closes =
        packet.segment && (packet.segment->has(tcp_flag::fin) || packet.segment->has(tcp_flag::rst));
    if (one.established || closes || one.alert_level == "fatal") end(index, Outcome::unanswered);
}

// Stands for the hello of the server where nobody can open it, because the first packet of the client was not
// captured, or because of a limit.
void TlsHandshakes::hear_reply(Handshake& one, const TlsPacket& packet, const Said& said) {
    (said.quic_type == "Retry" ? one.retry_id : one.server_id) = said.hash_of(kQuicSenderId);
    const bool is_reply = said.quic_type == "Handshake" || (said.quic_type == "Initial" && !said.opened);
    if (is_reply && !one.replied)
        one.replied = {.time_ns = packet.time_ns, .number = packet.number, .seen_on = packet.seen_on};
}

void TlsHandshakes::change(Handshake& one, Side side, const TlsPacket& packet, const Said& said) {
    if (one.quic) {
        one.established = side == Side::client && said.is_short;
        return;
    }
    if (!said.tls || !packet.segment) return;
    const bool data = says(said.fields, "Application Data");
    if (one.era != Era::before_13) {
        const bool is_received = is_beyond(packet.segment->acknowledgement, one.answered->sequence);
        one.established =
            side == Side::client && data && is_received && packet.segment->payload_bytes >= kFinishedBytes;
        return;
    }
    one.agreed_on_key |= std::ranges::any_of(
        kAgreeOnKey, [&](std::string_view message) { return says(said.fields, message); });
    if (says(said.fields, "Change Cipher Spec")) {
        if (side == Side::server && !one.client_changed) one.resumed = true;
        (side == Side::client ? one.client_changed : one.server_changed) = true;
    }
    one.established = data || (one.client_changed && one.server_changed);
}

// Without all bytes of the first segment there is nothing to put together.
void TlsHandshakes::gather(Index index, Gathered what, const TlsPacket& packet) {
    stop_gathering(index);
    Handshake& one = handshakes_[index];
    if (packet.payload.size() != packet.segment->payload_bytes) {
        one.incomplete = true;
        return;
    }
    if (gathering_.size() == kGathering) {
        handshakes_[gathering_.front()].incomplete = true;
        stop_gathering(gathering_.front());
    }
    if (free_streams_.empty()) {
        one.stream = std::make_unique<StreamStart>();
    } else {
        one.stream = std::move(free_streams_.back());
        free_streams_.pop_back();
    }
    gathering_.push_back(index);
    one.gathered = what;
    one.stream->begin(packet.segment->sequence);
    one.stream->add(packet.segment->sequence, packet.payload);
}

void TlsHandshakes::gather_more(Index index, Side side, const TlsPacket& packet) {
    const Handshake& one = handshakes_[index];
    const auto wanted = side == Side::client ? Gathered::client_hello : Gathered::server_flight;
    if (!one.stream || one.gathered != wanted) return;
    one.stream->add(packet.segment->sequence, packet.payload);
    if (wanted == Gathered::client_hello)
        read_gathered_client(index);
    else
        read_gathered_server(index);
}

void TlsHandshakes::read_gathered_client(Index index) {
    Handshake& one = handshakes_[index];
    if (!one.stream) return;
    if (const Dissection* const hello = dissect_gathered(one, "Client Hello")) {
        store_client_hello(one, *hello);
        one.asks_on = false;
    } else if (!one.stream->full()) {
        return;
    }
    stop_gathering(index);
}

void TlsHandshakes::read_gathered_server(Index index) {
    Handshake& one = handshakes_[index];
    if (!one.stream || !one.answers_on) return;
    const Dissection* const hello = dissect_gathered(one, "Server Hello");
    if (hello == nullptr) return;
    store_server_hello(one, *hello);
    one.answers_on = false;
    if (one.era == Era::since_13) stop_gathering(index);
}

const Dissection* TlsHandshakes::dissect_gathered(const Handshake& one, std::string_view hello) {
    const auto record = dissect::first_tls_message(one.stream->whole(), room());
    if (record.empty()) return nullptr;
    Dissection& told = scratch();
    const bool is_hello =
        dissect::dissect_tls(dissect::Cursor(record), told) && text_of(told.fields(), kMessageOfTls) == hello;
    return is_hello ? &told : nullptr;
}

void TlsHandshakes::stop_gathering(Index index) {
    Handshake& one = handshakes_[index];
    if (!one.stream) return;
    free_streams_.push_back(std::move(one.stream));
    one.stream = nullptr;
    one.gathered = Gathered::nothing;
    gathering_.erase(std::ranges::find(gathering_, index));
}

std::span<std::byte> TlsHandshakes::room() {
    if (!room_) room_ = std::make_unique<std::array<std::byte, StreamStart::kBytes>>();
    return *room_;
}

Dissection& TlsHandshakes::scratch() {
    if (!scratch_) scratch_ = std::make_unique<Dissection>();
    scratch_->reset();
    return *scratch_;
}

void TlsHandshakes::advance(std::int64_t now_ns, std::size_t most) {
    now_ns_ = now_ns;
    for (std::size_t left = most; left != 0 && handshakes_.is_first_over(waiting_, now_ns); --left)
        end(waiting_.first, Outcome::unanswered);
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

void TlsHandshakes::end(Index index, Outcome outcome) {
    Handshake& one = handshakes_[index];
    tell(one, outcome);
    stop_gathering(index);
    one.over = true;
    handshakes_.unlink(waiting_, index);
    handshakes_.append(idle_, index, later(now_ns_, kPatience));
}

void TlsHandshakes::tell(const Handshake& one, Outcome outcome) {
    const bool is_settled = outcome == Outcome::unanswered;
    const std::optional<Hello>& answered = one.answered ? one.answered : one.replied;
    const Hello& first = one.asked ? *one.asked : *answered;
    const Hello& last = answered ? *answered : first;
    Transaction transaction{.tuple = one.tuple, .seen_on = first.seen_on};
    transaction.outcome = !one.asked ? Outcome::unasked : answered ? Outcome::answered : outcome;
    transaction.has_time = first.time_ns && last.time_ns;
    transaction.begin_ns = transaction.has_time ? *first.time_ns : 0;
    transaction.end_ns = transaction.has_time ? *last.time_ns : 0;
    transaction.request_packet = one.asked ? one.asked->number : 0;
    transaction.response_packet = answered ? answered->number : 0;
    transaction.repeats = one.repeats;
    transaction.malformed = one.malformed;
    transaction.incomplete =
        one.incomplete || one.asks_on || one.answers_on || (answered && outcome == Outcome::evicted);
    stored::Room room, server_room;
    transaction.request = one.client.fields(room);
    told_.clear();
    std::ranges::copy(one.server.fields(server_room), std::back_inserter(told_));
    const dissect::TlsFlight flight = read_flight(one);
    add_server_fields(one, flight, is_settled);
    if (one.gathered == Gathered::server_flight) {
        transaction.incomplete |= !flight.over;
        add_certificate(flight.certificate, transaction);
    }
    transaction.response = told_;
    const auto protocol = text_of(told_, kVersionProtocol);
    const bool ssl = (protocol.empty() ? text_of(transaction.request, kVersionProtocol) : protocol) == "ssl";
    transaction.protocol = one.quic ? &kQuicHandshake : ssl ? &kSslHandshake : &kTlsHandshake;
    sink_.transaction(transaction);
}

dissect::TlsFlight TlsHandshakes::read_flight(const Handshake& one) {
    if (one.gathered != Gathered::server_flight) return {};
    return dissect::read_tls_flight(one.stream->whole(), room());
}

// QUIC has no other version than TLS 1.3 (RFC 9001 section 4.2). SSL 2 has another handshake, whose end shows
// in nothing.
void TlsHandshakes::add_server_fields(const Handshake& one, const dissect::TlsFlight& flight,
                                      bool is_settled) {
    const bool is_answered = one.answered || one.replied;
    if (is_answered && one.quic && !has(told_, kTlsVersion))
        told_.push_back(text_field(kTlsVersion, kVersion13));
    if (flight.group && !has(told_, kCurve))
        if (const auto name = dissect::tls_group_name(*flight.group); !name.empty())
            told_.push_back(text_field(kCurve, name));
    if (is_settled && is_answered && !one.old_form)
        told_.push_back(number_field(field("tls.established"), one.established ? 1 : 0));
    if (one.answered && !one.old_form && one.era != Era::unknown) {
        const bool is_new = one.agreed_on_key || !flight.certificate.empty();
        told_.push_back(number_field(field("tls.resumed"), one.resumed && !is_new ? 1 : 0));
    }
    if (one.asked_again) told_.push_back(number_field(kRetry, 1));
    if (!one.alert_level.empty()) told_.push_back(text_field(kLevel, one.alert_level));
    if (!one.alert.empty()) told_.push_back(text_field(kDescription, one.alert));
}

void TlsHandshakes::add_certificate(std::span<const std::byte> certificate, Transaction& transaction) {
    if (certificate.empty()) return;
    Dissection& told = scratch();
    transaction.malformed |= !dissect::read_server_certificate(certificate, told) || told.malformed;
    transaction.incomplete |= told.incomplete;
    std::ranges::copy(told.fields(), std::back_inserter(told_));
}

void TlsHandshakes::remove(Index index) {
    index_.erase(handshakes_[index].hash, index);
    handshakes_.unlink(idle_, index);
    handshakes_.release(index);
}

}  // namespace packetsentry::transactions
