#include "daemon/transactions/http_exchanges.h"

#include <algorithm>
#include <utility>

#include "daemon/transactions/connection_ends.h"
#include "daemon/transactions/http_request_fields.h"

namespace packetsentry::transactions {
namespace {

using dissect::Dissection;
using dissect::Field;
using dissect::field;
using dissect::FieldInfo;
using flows::FlowTuple;
namespace tcp_flag = flows::tcp_flag;

constexpr const FieldInfo& kMethod = field("http.request.method");
constexpr const FieldInfo& kStatus = field("http.response.status_code");
constexpr const FieldInfo& kVersion = field("http.version");
constexpr const FieldInfo& kMessage = field("packetsentry.http.message");

// How a row reads on its line.
constexpr const FieldInfo* kDetail[] = {&kMethod, &field("url.domain"), &field("url.path"), &kStatus};
constexpr dissect::Protocol kExchange{"HTTP", "http", false, kDetail};

constexpr std::uint64_t kSwitching = 101, kFirstFinal = 200;

const Field* find_field_of(const Dissection& dissection, const FieldInfo& info) {
    const auto fields = dissection.fields();
    const auto found = std::ranges::find(fields, &info, &Field::info);
    return found == fields.end() ? nullptr : &*found;
}

Transaction exchange_of(const HttpPacket& packet) {
    return {.tuple = packet.tuple,
            .begin_ns = packet.time_ns.value_or(0),
            .end_ns = packet.time_ns.value_or(0),
            .seen_on = packet.seen_on,
            .has_time = packet.time_ns.has_value(),
            .protocol = &kExchange};
}

Field of_interim(const Field& field_of_response) {
    Field told = field_of_response;
    told.info = told.info == &kStatus ? &field("packetsentry.http.interim.status_code")
                                      : &field("packetsentry.http.interim.reason");
    return told;
}

// What a request has stored, and what is known of it beside.
template <typename Request>
std::span<const Field> fields_of(const Request& request, stored::Room& room) {
    std::size_t count = request.fields.fields(room).size();
    room.at(count++) = {
        .info = &field("packetsentry.http.depth"), .number = request.depth, .text = {}, .address = {}};
    stored::Room interim_room;
    for (const Field& one : request.interim.fields(interim_room)) room.at(count++) = of_interim(one);
    return std::span(room).first(count);
}

}  // namespace

HttpExchanges::HttpExchanges(std::uint64_t seed, TransactionSink& sink, std::size_t most)
    : seed_(seed), sink_(sink), requests_(most), connections_(most) {}

HttpExchanges::Index HttpExchanges::find(const FlowTuple& tuple, std::uint32_t hash) const {
    return index_.find(hash, [&](Index index) { return has_same_ends(connections_[index].tuple, tuple); });
}

HttpExchanges::Index HttpExchanges::find(const FlowTuple& tuple) const {
    return find(tuple, hash_of(tuple));
}

std::uint32_t HttpExchanges::hash_of(const FlowTuple& tuple) const {
    return static_cast<std::uint32_t>(flows::FlowKey(tuple).hash(seed_));
}

HttpExchanges::Index HttpExchanges::find_or_add(const FlowTuple& tuple) {
    const std::uint32_t hash = hash_of(tuple);
    const Index found = find(tuple, hash);
    return found == kNone ? add_connection(tuple, hash) : found;
}

// If no connection is idle, each has one request, and all together are as many as can wait.
HttpExchanges::Index HttpExchanges::add_connection(const FlowTuple& tuple, std::uint32_t hash) {
    if (connections_.full() && idle_.first == kNone) {
        ++evicted_;
        give_up(waiting_.first, Outcome::evicted);
    }
    if (connections_.full()) remove_connection(idle_.first);
    const Index index = connections_.take_place();
    connections_[index] = {.tuple = tuple, .hash = hash};
    index_.insert(hash, index);
    connections_.append(idle_, index, later(now_ns_, kPatience));
    return index;
}

void HttpExchanges::take(const Dissection& dissection, const HttpPacket& packet, std::int64_t now_ns) {
    advance(now_ns, 1);
    if (find_field_of(dissection, kMessage) != nullptr) return take_preface(packet);
    if (const Field* const status = find_field_of(dissection, kStatus))
        return take_response(dissection, packet, status->number);
    if (find_field_of(dissection, kMethod) != nullptr) take_request(dissection, packet);
}

// A connection begins with it, or speaks another protocol since a status of 101 (RFC 9113 section 3.3).
// One on which requests wait may have no depth only if the worker before this one has made it up.
void HttpExchanges::take_preface(const HttpPacket& packet) {
    Connection& connection = connections_[find_or_add(packet.tuple)];
    if (connection.depth == 0 && connection.waiting == 0) connection.over = true;
}

void HttpExchanges::take_request(const Dissection& dissection, const HttpPacket& packet) {
    const Index index = find_or_add(packet.tuple);
    if (is_repeated(index, packet) || connections_[index].over) return;
    make_room(connections_[index], packet);
    add_request(index, dissection, packet);
}

HttpExchanges::Index HttpExchanges::find_waiting(const Connection& connection, std::uint32_t sequence) const {
    Index at = connection.first;
    while (at != kNone && requests_[at].packet.segment.sequence != sequence) at = requests_[at].next;
    return at;
}

bool HttpExchanges::is_repeated(Index index, const HttpPacket& packet) {
    const Connection& connection = connections_[index];
    const std::uint32_t sequence = packet.segment.sequence;
    if (const Index known = find_waiting(connection, sequence); known != kNone) {
        Request& one = requests_[known];
        if (one.packet.seen_on != packet.seen_on) return true;
        ++one.repeats;
        renew(connection);
        return true;
    }
    if (connection.depth == 0 || is_beyond(sequence, connection.last_request)) return false;
    if (is_again(sequence, connection.last_request)) return true;
    restart(index);
    return false;
}

void HttpExchanges::make_room(Connection& connection, const HttpPacket& packet) {
    const bool went_on = packet.segment.has(tcp_flag::ack) &&
                         is_beyond(packet.segment.acknowledgement, connection.given_up_acknowledgement);
    if (connection.waiting == 0 && went_on) connection.given_up = 0;
    if (connection.waiting == 1) {
        const flows::TcpSegment& asked = requests_[connection.first].packet.segment;
        const bool both_tell = asked.has(tcp_flag::ack) && packet.segment.has(tcp_flag::ack);
        if (both_tell && is_beyond(packet.segment.acknowledgement, asked.acknowledgement))
            end(connection.first, Outcome::unanswered);
    }
    const bool too_many = connection.waiting == kPipelined;
    if (!too_many && !requests_.full()) return;
    ++evicted_;
    give_up(too_many ? connection.first : waiting_.first, Outcome::evicted);
}

void HttpExchanges::add_request(Index index, const Dissection& dissection, const HttpPacket& packet) {
    Connection& connection = connections_[index];
    const Index place = requests_.take_place();
    Request& one = requests_[place];
    one.packet = packet;
    one.connection = index;
    one.next = kNone;
    one.repeats = 0;
    one.depth = ++connection.depth;
    one.malformed = dissection.malformed;
    // Without a version, its first line goes on in the next segment.
    one.incomplete = !one.fields.store(dissection.fields(), kFieldsOfRequest) || dissection.incomplete ||
                     find_field_of(dissection, kVersion) == nullptr;
    one.interim.clear();
    if (connection.depth == 1) connection.first_request = packet.segment.sequence;
    connection.last_request = packet.segment.sequence;
    join(index, place);
    requests_.append(waiting_, place, later(now_ns_, kPatience));
}

void HttpExchanges::join(Index index, Index request) {
    Connection& connection = connections_[index];
    if (connection.waiting++ == 0) connections_.unlink(idle_, index);
    (connection.last == kNone ? connection.first : requests_[connection.last].next) = request;
    connection.last = request;
}

void HttpExchanges::take_response(const Dissection& dissection, const HttpPacket& packet,
                                  std::uint64_t status) {
    const Index index = find_or_add(other_way(packet.tuple));
    Connection& connection = connections_[index];
    const std::uint32_t sequence = packet.segment.sequence;
    if (connection.over) return;
    if (connection.last_response && is_again(sequence, *connection.last_response)) return;
    give_up_overdue(connection);
    const bool late = takes_place_of_one_given_up(connection, status);
    const bool answers_one = !late && answers(connection, packet);
    if (late || answers_one) connection.last_response = sequence;
    if (!answers_one) {
        connection.over = status == kSwitching && connection.first == kNone;
        return tell_unasked(connection, dissection, packet);
    }
    const Index request = connection.first;
    if (status < kFirstFinal && status != kSwitching) {
        (void)requests_[request].interim.store(dissection.fields(), kFieldsOfInterim);
        return renew(connection);
    }
    answer(request, dissection, packet);
    if (status != kSwitching) return;
    end_all(index);
    connection.over = true;
}

bool HttpExchanges::takes_place_of_one_given_up(Connection& connection, std::uint64_t status) {
    if (connection.given_up == 0) return false;
    if (status >= kFirstFinal || status == kSwitching) --connection.given_up;
    return true;
}

bool HttpExchanges::answers(const Connection& connection, const HttpPacket& packet) const {
    if (connection.first == kNone) return false;
    const flows::TcpSegment& asked = requests_[connection.first].packet.segment;
    const flows::TcpSegment& told = packet.segment;
    if (told.has(tcp_flag::ack) && !is_beyond(told.acknowledgement, asked.sequence)) return false;
    return !asked.has(tcp_flag::ack) || !is_beyond(asked.acknowledgement, told.sequence);
}

void HttpExchanges::answer(Index index, const Dissection& dissection, const HttpPacket& packet) {
    const Request& one = requests_[index];
    Transaction transaction = exchange_of(one.packet);
    transaction.outcome = Outcome::answered;
    transaction.has_time = transaction.has_time && packet.time_ns.has_value();
    transaction.begin_ns = transaction.has_time ? transaction.begin_ns : 0;
    transaction.end_ns = transaction.has_time ? *packet.time_ns : 0;
    transaction.request_packet = one.packet.number;
    transaction.response_packet = packet.number;
    transaction.repeats = one.repeats;
    transaction.malformed = one.malformed || dissection.malformed;
    transaction.incomplete = one.incomplete || dissection.incomplete;
    stored::Room room;
    transaction.request = fields_of(one, room);
    transaction.response = dissection.fields();
    sink_.transaction(transaction);
    remove(index);
}

// A copy of it may come, on another interface or because it was sent again.
void HttpExchanges::tell_unasked(Connection& connection, const Dissection& dissection,
                                 const HttpPacket& packet) {
    const std::uint32_t sequence = packet.segment.sequence;
    if (connection.last_unasked && is_again(sequence, *connection.last_unasked)) return;
    connection.last_unasked = sequence;
    Transaction transaction = exchange_of(packet);
    transaction.tuple = other_way(packet.tuple);
    transaction.outcome = Outcome::unasked;
    transaction.response_packet = packet.number;
    transaction.malformed = dissection.malformed;
    transaction.incomplete = dissection.incomplete;
    transaction.response = dissection.fields();
    sink_.transaction(transaction);
}

void HttpExchanges::take_control(const HttpPacket& packet, std::int64_t now_ns) {
    advance(now_ns, 1);
    const flows::TcpSegment& segment = packet.segment;
    if (segment.has(tcp_flag::rst)) end_all_of(packet.tuple);
    if (segment.has(tcp_flag::rst))
        end_all_of(other_way(packet.tuple));
    else if (segment.has(tcp_flag::fin))
        end_if_all_was_seen(other_way(packet.tuple), segment);
    if (!segment.has(tcp_flag::syn) || segment.has(tcp_flag::ack)) return;
    const Index index = find(packet.tuple);
    if (index == kNone) return;
    // The segment that begins a connection may have its first request (RFC 7413), or come again behind it.
    const Connection& connection = connections_[index];
    if (connection.depth == 0 || connection.first_request - segment.sequence > 1) restart(index);
}

void HttpExchanges::advance(std::int64_t now_ns, std::size_t most) {
    now_ns_ = now_ns;
    for (std::size_t left = most; left != 0 && requests_.is_first_over(waiting_, now_ns); --left)
        give_up(waiting_.first, Outcome::unanswered);
    for (std::size_t left = most; left != 0 && connections_.is_first_over(idle_, now_ns); --left)
        remove_connection(idle_.first);
}

bool HttpExchanges::finish(std::int64_t now_ns, std::size_t most) {
    for (; most != 0 && waiting_.first != kNone; --most) {
        const bool waited = requests_.is_first_over(waiting_, now_ns);
        end(waiting_.first, waited ? Outcome::unanswered : Outcome::stopped);
    }
    return waiting_.first == kNone;
}

void HttpExchanges::end(Index index, Outcome outcome) {
    const Request& one = requests_[index];
    Transaction transaction = exchange_of(one.packet);
    transaction.outcome = outcome;
    transaction.request_packet = one.packet.number;
    transaction.repeats = one.repeats;
    transaction.malformed = one.malformed;
    transaction.incomplete = one.incomplete;
    stored::Room room;
    transaction.request = fields_of(one, room);
    sink_.transaction(transaction);
    remove(index);
}

void HttpExchanges::give_up(Index index, Outcome outcome) {
    Connection& connection = connections_[requests_[index].connection];
    ++connection.given_up;
    connection.given_up_acknowledgement = requests_[index].packet.segment.acknowledgement;
    end(index, outcome);
}

void HttpExchanges::give_up_overdue(const Connection& connection) {
    while (connection.first != kNone && requests_.is_over(connection.first, now_ns_))
        give_up(connection.first, Outcome::unanswered);
}

void HttpExchanges::end_if_all_was_seen(const FlowTuple& tuple, const flows::TcpSegment& last) {
    const Index index = find(tuple);
    if (index == kNone || connections_[index].first == kNone) return;
    const Connection& connection = connections_[index];
    const flows::TcpSegment& asked = requests_[connection.first].packet.segment;
    const bool sent = asked.has(tcp_flag::ack) && is_beyond(last.sequence, asked.acknowledgement);
    const bool seen =
        connection.last_response && !is_beyond(asked.acknowledgement, *connection.last_response);
    if (!sent || seen) end_all(index);
}

void HttpExchanges::end_all(Index index) {
    while (connections_[index].first != kNone) end(connections_[index].first, Outcome::unanswered);
}

void HttpExchanges::end_all_of(const FlowTuple& tuple) {
    if (const Index index = find(tuple); index != kNone) end_all(index);
}

void HttpExchanges::restart(Index index) {
    end_all(index);
    Connection& connection = connections_[index];
    connection = {.tuple = connection.tuple, .hash = connection.hash};
}

void HttpExchanges::renew(const Connection& connection) {
    for (Index at = connection.first; at != kNone; at = requests_[at].next) {
        requests_.unlink(waiting_, at);
        requests_.append(waiting_, at, later(now_ns_, kPatience));
    }
}

void HttpExchanges::remove(Index index) {
    const Index owner = requests_[index].connection;
    Connection& connection = connections_[owner];
    connection.first = requests_[index].next;
    if (connection.first == kNone) connection.last = kNone;
    if (--connection.waiting == 0) connections_.append(idle_, owner, later(now_ns_, kPatience));
    requests_.unlink(waiting_, index);
    requests_.release(index);
}

void HttpExchanges::remove_connection(Index index) {
    index_.erase(connections_[index].hash, index);
    connections_.unlink(idle_, index);
    connections_.release(index);
}

}  // namespace packetsentry::transactions
