// How the requests of HTTP that wait, and the connections that are known, pass on to the worker that follows
// this one.
#include <netinet/in.h>

#include "daemon/transactions/http_exchanges.h"
#include "daemon/transactions/http_request_fields.h"
#include "daemon/transactions/passed_parts.h"

namespace packetsentry::transactions {
namespace {

template <typename Bytes>
void pass_sequence(Bytes& bytes, std::optional<std::uint32_t>& sequence) {
    bool is_known = sequence.has_value();
    std::uint32_t value = sequence.value_or(0);
    bytes.flag(is_known);
    bytes.number(value);
    sequence = is_known ? std::optional(value) : std::nullopt;
}

}  // namespace

template <typename Bytes>
void HttpExchanges::Connection::pass(Bytes& bytes) {
    pass_tuple(bytes, tuple);
    bytes.number(depth);
    bytes.number(first_request);
    bytes.number(last_request);
    pass_sequence(bytes, last_response);
    pass_sequence(bytes, last_unasked);
    bytes.number(given_up);
    bytes.number(given_up_acknowledgement);
    bytes.flag(over);
}

// The number of the packet's row is not passed on, because it is one of another run. The tuple is that of the
// connection.
template <typename Bytes>
void HttpExchanges::Request::pass(Bytes& bytes) {
    pass_time(bytes, packet.time_ns);
    pass_seen_on(bytes, packet.seen_on);
    bytes.number(packet.segment.sequence);
    bytes.number(packet.segment.acknowledgement);
    bytes.number(packet.segment.flags);
    bytes.number(repeats);
    bytes.number(depth);
    bytes.flag(malformed);
    bytes.flag(incomplete);
    fields.pass(bytes);
    interim.pass(bytes);
}

template <typename Bytes>
void HttpExchanges::PassedExchange::pass(Bytes& bytes) {
    connection.pass(bytes);
    bytes.number(until_ns);
    bytes.flag(waits);
    if (waits) request.pass(bytes);
}

// A request may be too long to go together with the others of its connection, so each of them goes with all
// that is known of this. By their age they are in the order in which they wait on it, too.
bool HttpExchanges::give_away(std::string& to, std::size_t most) {
    static_assert(Fields::kBytes + InterimFields::kBytes + 2 * sizeof(Connection) < kMostPassed);
    flows::StateWriter bytes(to);
    while (!connections_.empty()) {
        if (to.size() >= most) return false;
        give_away_first(bytes);
    }
    return true;
}

void HttpExchanges::give_away_first(flows::StateWriter& bytes) {
    const Index request = waiting_.first;
    const Index index = request == kNone ? idle_.first : requests_[request].connection;
    PassedExchange passed;
    passed.connection = connections_[index];
    if (request == kNone) {
        passed.until_ns = connections_.until_ns(index);
    } else {
        passed.until_ns = requests_.until_ns(request);
        passed.waits = true;
        passed.request = requests_[request];
        remove(request);
    }
    passed.pass(bytes);
    if (connections_[index].first == kNone) remove_connection(index);
}

bool HttpExchanges::PassedExchange::is_possible() const {
    const flows::FlowTuple& tuple = connection.tuple;
    if (!has_like_ends(tuple) || tuple.ip_protocol != IPPROTO_TCP || tuple.one_way) return false;
    if (!waits) return true;
    return !connection.over && request.fields.valid(kFieldsOfRequest) &&
           request.interim.valid(kFieldsOfInterim);
}

std::optional<HttpExchanges::PassedExchange> HttpExchanges::read(flows::StateReader& bytes,
                                                                 std::span<const std::uint32_t> interfaces) {
    PassedExchange passed;
    passed.pass(bytes);
    if (!bytes.good() || !passed.is_possible()) return std::nullopt;
    HttpPacket& packet = passed.request.packet;
    packet.tuple = passed.connection.tuple;
    find_here(packet.seen_on, interfaces);
    return passed;
}

bool HttpExchanges::adopt(std::string_view passed, std::span<const std::uint32_t> interfaces,
                          std::int64_t now_ns) {
    now_ns_ = now_ns;
    flows::StateReader bytes(passed);
    while (!bytes.at_end()) {
        const auto passed_one = read(bytes, interfaces);
        if (!passed_one) return false;
        const Index index = find_or_adopt(*passed_one);
        if (index != kNone && passed_one->waits) adopt_request(index, *passed_one);
    }
    return true;
}

// The next worker has a secret of its own, so it computes the hash again.
HttpExchanges::Index HttpExchanges::find_or_adopt(const PassedExchange& passed) {
    const std::uint32_t hash = hash_of(passed.connection.tuple);
    const Index known = find(passed.connection.tuple, hash);
    if (known != kNone || connections_.full()) return known;
    const Index index = connections_.take_place();
    connections_[index] = passed.connection;
    connections_[index].hash = hash;
    index_.insert(hash, index);
    connections_.append_passed(idle_, index, passed.until_ns, now_ns_, kPatience);
    return index;
}

// No two requests that wait on a connection begin at one place of the stream.
void HttpExchanges::adopt_request(Index index, const PassedExchange& passed) {
    const Connection& connection = connections_[index];
    if (connection.over || connection.waiting == kPipelined || requests_.full()) return;
    if (find_waiting(connection, passed.request.packet.segment.sequence) != kNone) return;
    const Index place = requests_.take_place();
    requests_[place] = passed.request;
    requests_[place].connection = index;
    join(index, place);
    requests_.append_passed(waiting_, place, passed.until_ns, now_ns_, kPatience);
}

}  // namespace packetsentry::transactions
