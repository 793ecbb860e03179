// Puts the requests of HTTP/1 together with their responses.
//
// A server answers the requests of a connection in the order in which they came (RFC 9112 section 9.3). A
// packet is looked at by itself, and shows a head only where one begins its segment, so some heads are
// missed. What TCP says tells where that was:
// - A request with the sequence number of a known one is that one, sent again, or seen on another interface.
//   This is true of responses too.
// - A response acknowledges the first byte of its request, and begins no earlier than what the client had
//   acknowledged when it asked.
// - If a client asks again and has received something since the one request that waits, then the response to
//   that one was missed, because clients send a request before they have the last response only if they do so
//   from the start. The one that waits is unanswered.
// - If a server ends a connection, and nothing was seen of what it has sent since it was asked, then that
//   comes still, because it was lost on the way and is sent again.
// If a request waits no longer before its response has come, that response belongs to nobody, and the
// requests behind it get their own. If several requests are under way, and the response to one of them is
// missed, those behind it get the response of the one after them, until no request waits any more.
//
// A response with a status below 200 does not answer, but for 101 (RFC 9110 section 15.2). Behind that one,
// and behind the preface of HTTP/2, a connection speaks another protocol, so nothing in it is taken any more.
// Behind a CONNECT it may speak HTTP/1 with somebody else, for whom the same rules hold.
//
// Bounded whatever is on the wire: so many requests wait, so many of them on a connection, and none for
// longer than kPatience. A connection stays known for as long, so that what it says again is known for what
// it is. If there is no room for another request, the one that has waited longest goes.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/flows/hashed_index.h"
#include "daemon/flows/state_bytes.h"
#include "daemon/flows/tcp_segment.h"
#include "daemon/transactions/aged_entries.h"
#include "daemon/transactions/stored_fields.h"
#include "daemon/transactions/transaction.h"
#include "proto/flows/flow_key.h"

namespace packetsentry::transactions {

// A segment of TCP, which may have a head of HTTP.
struct HttpPacket {
    flows::FlowTuple tuple = {};  // in the direction of the packet
    std::optional<std::int64_t> time_ns = {};
    std::uint64_t number = 0;  // of the packet's row
    SeenOn seen_on = {};
    flows::TcpSegment segment = {};
};

class HttpExchanges {
  public:
    static constexpr std::size_t kMost = 8192;     // requests that wait: about 20 MiB with their connections
    static constexpr std::size_t kPipelined = 32;  // that wait on one connection
    // Servers take their time for what is not a page: a download that is put together, a long poll.
    static constexpr std::chrono::nanoseconds kPatience = std::chrono::minutes(5);

    // seed: secret. sink must outlive this object.
    HttpExchanges(std::uint64_t seed, TransactionSink& sink, std::size_t most = kMost);

    // Tells whether the packet has a head that take() takes.
    [[nodiscard]] static bool may_be(const dissect::Dissection& dissection) {
        return dissection.protocol->name == "http";
    }
    // Tells whether take_control() has to see a segment with these flags.
    [[nodiscard]] bool needs(std::uint16_t tcp_flags) const {
        namespace flag = flows::tcp_flag;
        if ((tcp_flags & (flag::fin | flag::rst)) != 0) return waiting_.count != 0;
        return (tcp_flags & (flag::syn | flag::ack)) == flag::syn && !connections_.empty();
    }
    // Takes a head. now_ns: never less than before; for a live capture of a clock that nobody sets, for a
    // file the time of its packets.
    void take(const dissect::Dissection& dissection, const HttpPacket& packet, std::int64_t now_ns);
    // Takes what begins or ends a connection. If the segment has a head too, take that one first.
    void take_control(const HttpPacket& packet, std::int64_t now_ns);
    // By one packet no more transactions are over, whether it is a head, a control, or both.
    static constexpr std::size_t kEndedByPacket = 3 * kPipelined + 4;
    // Ends requests that wait no longer, but no more than this number at a time.
    void advance(std::int64_t now_ns, std::size_t most = kEndedTogether);
    static constexpr std::size_t kEndedTogether = 256;
    // The capture is over: ends what still waits, the oldest first, but no more than this number. Returns
    // whether that was all.
    [[nodiscard]] bool finish(std::int64_t now_ns, std::size_t most);

    // A live capture is over, and another worker goes on with it. Appends the requests that wait, the oldest
    // first, and then the connections that are known, to bytes, until these are so long, and forgets them.
    // Returns whether that was all.
    [[nodiscard]] bool give_away(std::string& to, std::size_t most);
    static constexpr std::size_t kMostPassed = 2560;  // bytes of one request with its connection
    // Takes what another object has given away. interfaces: the number here of each interface there. False:
    // the rest cannot be read.
    [[nodiscard]] bool adopt(std::string_view passed, std::span<const std::uint32_t> interfaces,
                             std::int64_t now_ns);

    [[nodiscard]] std::size_t waiting() const { return waiting_.count; }
    [[nodiscard]] std::uint64_t evicted() const { return evicted_; }

  private:
    using Index = std::uint32_t;
    static constexpr Index kNone = flows::HashedIndex::kNone;

    using Fields = FieldStore<2048>;
    using InterimFields = FieldStore<128>;
    struct Request {
        template <typename Bytes>
        void pass(Bytes& bytes);

        HttpPacket packet;
        Index connection = kNone;
        Index next = kNone;  // on its connection
        std::uint32_t repeats = 0;
        std::uint32_t depth = 0;
        bool malformed = false;
        bool incomplete = false;
        Fields fields;
        InterimFields interim;  // of the last interim response
    };
    struct Connection {
        template <typename Bytes>
        void pass(Bytes& bytes);

        flows::FlowTuple tuple = {};  // from the client to the server
        std::uint32_t hash = 0;
        Index first = kNone, last = kNone;  // of the requests that wait on it, in their order
        std::size_t waiting = 0;
        std::uint32_t depth = 0;  // requests that were seen
        // Sequence numbers.
        std::uint32_t first_request = 0;
        std::uint32_t last_request = 0;
        std::optional<std::uint32_t> last_response = {};  // that answered, or was interim
        std::optional<std::uint32_t> last_unasked = {};
        std::uint32_t given_up = 0;  // requests that wait no longer, whose responses may come still
        std::uint32_t given_up_acknowledgement = 0;  // what the client had received with the last of them
        bool over = false;                           // it speaks another protocol now
    };
    using Connections = AgedEntries<Connection>;
    using Requests = AgedEntries<Request>;
    // A request with its connection, or a connection on which none waits.
    struct PassedExchange {
        template <typename Bytes>
        void pass(Bytes& bytes);
        [[nodiscard]] bool is_possible() const;

        Connection connection;
        std::int64_t until_ns = 0;
        bool waits = false;  // it has a request
        Request request;
    };

    [[nodiscard]] std::uint32_t hash_of(const flows::FlowTuple& tuple) const;
    [[nodiscard]] Index find(const flows::FlowTuple& tuple, std::uint32_t hash) const;
    [[nodiscard]] Index find(const flows::FlowTuple& tuple) const;
    [[nodiscard]] Index find_or_add(const flows::FlowTuple& tuple);
    [[nodiscard]] Index add_connection(const flows::FlowTuple& tuple, std::uint32_t hash);

    void take_request(const dissect::Dissection& dissection, const HttpPacket& packet);
    // kNone: no request that waits on the connection begins there.
    [[nodiscard]] Index find_waiting(const Connection& connection, std::uint32_t sequence) const;
    [[nodiscard]] bool is_repeated(Index connection, const HttpPacket& packet);
    void make_room(Connection& connection, const HttpPacket& packet);
    void add_request(Index connection, const dissect::Dissection& dissection, const HttpPacket& packet);
    // The request waits on the connection, behind the others.
    void join(Index connection, Index request);
    void take_preface(const HttpPacket& packet);

    void take_response(const dissect::Dissection& dissection, const HttpPacket& packet, std::uint64_t status);
    // Tells whether the response is one to a request that waits no longer, whose place it takes.
    [[nodiscard]] static bool takes_place_of_one_given_up(Connection& connection, std::uint64_t status);
    [[nodiscard]] bool answers(const Connection& connection, const HttpPacket& packet) const;
    void answer(Index request, const dissect::Dissection& dissection, const HttpPacket& packet);
    void tell_unasked(Connection& connection, const dissect::Dissection& dissection,
                      const HttpPacket& packet);

    void give_away_first(flows::StateWriter& bytes);
    // None: it is none.
    [[nodiscard]] static std::optional<PassedExchange> read(flows::StateReader& bytes,
                                                            std::span<const std::uint32_t> interfaces);
    // kNone: there is no room for the connection.
    [[nodiscard]] Index find_or_adopt(const PassedExchange& passed);
    // Does nothing if the request is known already, or if there is no room for it.
    void adopt_request(Index connection, const PassedExchange& passed);

    void end(Index request, Outcome outcome);
    // Ends a request whose response may come still.
    void give_up(Index request, Outcome outcome);
    void give_up_overdue(const Connection& connection);
    void end_if_all_was_seen(const flows::FlowTuple& tuple, const flows::TcpSegment& last);
    void end_all(Index connection);  // that wait on it
    void end_all_of(const flows::FlowTuple& tuple);
    // Another connection has the same ends.
    void restart(Index connection);
    // The requests of a connection wait for as long as they would if they came now.
    void renew(const Connection& connection);
    // It must be the first one of its connection, as the oldest of all is.
    void remove(Index request);
    // It must have no requests that wait.
    void remove_connection(Index connection);

    std::uint64_t seed_;
    TransactionSink& sink_;
    Requests requests_;
    Connections connections_;
    flows::HashedIndex index_;  // of connections
    Requests::List waiting_;
    Connections::List idle_;  // those on which no request waits
    std::int64_t now_ns_ = 0;
    std::uint64_t evicted_ = 0;
};

}  // namespace packetsentry::transactions
