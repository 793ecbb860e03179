// Puts the hello of a TLS client together with what comes of it.
//
// A handshake begins with the hello of a client and is answered by that of a server. What a segment says is
// told by the dissector. What lies in several segments is put together here: either hello, because keys that
// no quantum computer finds are long, and the certificate of a server. A server shows that one only up to TLS
// 1.2; from TLS 1.3 on, and with QUIC, everything behind its hello is encrypted. The first of these segments
// has to come first, because only its beginning says what it is; the others may come in any order.
//
// Nobody outside sees that a handshake has come to its end, because the last messages are encrypted, but it
// shows in what is sent:
// - Up to TLS 1.2, both sides have changed to their keys (RFC 5246 section 7.1), or send data. If the server
//   was the first to change, and no key was agreed on in the clear, it goes on with an earlier session
//   (section 7.3).
// - In TLS 1.3, the client sends as much as the end of its part takes at least, which is more than an alert
//   (RFC 8446 section 4.4.4). It has received the hello of the server then, which tells this from early data.
// - In QUIC, the client sends a packet with a short header, for which it needs the keys (RFC 9001
//   section 5.7).
// A fatal alert in the clear, a FIN or a RST before that ends the handshake without it.
//
// A hello with the sequence number of a known one is that one, sent again, or seen on another interface. The
// pieces of a hello in QUIC are put together by the dissector, so a later datagram says more than those
// before. A server may ask for another hello (RFC 8446 section 4.1.4), which belongs to the same handshake.
//
// Bounded whatever is on the wire: so many handshakes are under way, and none for longer than kPatience. They
// stay known for as long when they are over, so that copies of their hellos are known for what they are. So
// many of them have room for what lies in several segments; another one takes the room of the oldest. If
// there is no room for another handshake, one that is over goes first, then the one that has waited longest.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/dissect/application/tls_flight.h"
#include "daemon/dissect/dissection.h"
#include "daemon/flows/hashed_index.h"
#include "daemon/flows/tcp_segment.h"
#include "daemon/transactions/aged_entries.h"
#include "daemon/transactions/stored_fields.h"
#include "daemon/transactions/stream_start.h"
#include "daemon/transactions/transaction.h"
#include "proto/flows/flow_key.h"

namespace packetsentry::transactions {

// A packet that may be part of a handshake.
struct TlsPacket {
    flows::FlowTuple tuple = {};  // in the direction of the packet
    std::optional<std::int64_t> time_ns = {};
    std::uint64_t number = 0;  // of the packet's row
    SeenOn seen_on = {};
    std::optional<flows::TcpSegment> segment = {};  // none: it is one of UDP
    std::span<const std::byte> payload = {};        // of the segment, as far as it was captured
};

class TlsHandshakes {
  public:
    static constexpr std::size_t kMost = 4096;      // handshakes: about 12 MiB
    static constexpr std::size_t kGathering = 256;  // with room for several segments: 4 MiB
    static constexpr std::chrono::nanoseconds kPatience = std::chrono::seconds(30);

    // seed: secret. sink must outlive this object.
    TlsHandshakes(std::uint64_t seed, TransactionSink& sink, std::size_t most = kMost);

    // Tells whether take() has to see the packet.
    [[nodiscard]] bool may_be(const dissect::Dissection& dissection) const;
    // now_ns: never less than before; for a live capture of a clock that nobody sets, for a file the time of
    // its packets.
    void take(const dissect::Dissection& dissection, const TlsPacket& packet, std::int64_t now_ns);
    static constexpr std::size_t kEndedByPacket = 5;
    // Ends handshakes that wait no longer, but no more than this number at a time.
    void advance(std::int64_t now_ns, std::size_t most = kEndedTogether);
    static constexpr std::size_t kEndedTogether = 32;
    // The capture is over: ends what still waits, the oldest first, but no more than this number. Returns
    // whether that was all.
    [[nodiscard]] bool finish(std::int64_t now_ns, std::size_t most);

    [[nodiscard]] std::size_t waiting() const { return waiting_.count; }
    [[nodiscard]] std::uint64_t evicted() const { return evicted_; }

  private:
    using Index = std::uint32_t;
    static constexpr Index kNone = flows::HashedIndex::kNone;

    // A hello, as it was seen first.
    struct Hello {
        std::optional<std::int64_t> time_ns = {};
        std::uint64_t number = 0;
        SeenOn seen_on = {};
        std::uint32_t sequence = 0;  // of TCP
    };
    enum class Gathered : std::uint8_t { nothing, client_hello, server_flight };
    enum class Side : std::uint8_t { client, server };
    // Whether the version that the server has chosen is older than TLS 1.3.
    enum class Era : std::uint8_t { unknown, before_13, since_13 };
    struct Handshake {
        flows::FlowTuple tuple = {};  // from the client to the server
        std::uint32_t hash = 0;
        std::optional<Hello> asked = {};
        std::optional<Hello> answered = {};
        std::uint32_t repeats = 0;
        // Hashes of the IDs by which a client of QUIC calls the server: what it has made up, that of a Retry,
        // what the server has told it, and that of the latest hello.
        std::size_t first_id = 0, retry_id = 0, server_id = 0, latest_id = 0;
        std::optional<Hello> replied = {};  // what a server of QUIC has sent first
        bool quic = false;
        bool over = false;
        bool asked_again = false;  // the server wants another hello
        bool asks_on = false;      // the hello of the client is not known as a whole
        bool answers_on = false;   // likewise that of the server
        bool old_form = false;     // the hello of the server is in that of SSL 2
        Era era = Era::unknown;
        bool agreed_on_key = false;   // in the clear
        bool client_changed = false;  // to its keys
        bool server_changed = false;
        bool resumed = false;
        bool established = false;
        bool malformed = false;
        bool incomplete = false;
        Gathered gathered = Gathered::nothing;
        std::unique_ptr<StreamStart> stream = {};  // null: nothing is gathered
        std::string_view alert_level = {}, alert = {};
        FieldStore<2048> client = {};
        FieldStore<512> server = {};
    };
    using Handshakes = AgedEntries<Handshake>;

    // What a packet says of a handshake.
    struct Said;

    // Ends it first if it has waited for long enough.
    [[nodiscard]] Index find(const flows::FlowTuple& tuple);
    [[nodiscard]] Index add(const flows::FlowTuple& tuple);
    // Makes it one that begins anew between the same ends.
    void restart(Index index);

    void take_client_hello(const dissect::Dissection& dissection, const TlsPacket& packet, const Said& said);
    // Tells whether the hello belongs to this handshake rather than to the next one.
    [[nodiscard]] static bool continues(const Handshake& one, const TlsPacket& packet, const Said& said);
    void hear_client(Index index, const dissect::Dissection& dissection, const TlsPacket& packet,
                     const Said& said);
    void hear_client_again(Index index, const dissect::Dissection& dissection, const TlsPacket& packet,
                           const Said& said);
    static void store_client_hello(Handshake& one, const dissect::Dissection& dissection);
    [[nodiscard]] Index take_server_hello(const dissect::Dissection& dissection, const TlsPacket& packet,
                                          const Said& said);
    void hear_server(Index index, const dissect::Dissection& dissection, const TlsPacket& packet,
                     const Said& said);
    static void store_server_hello(Handshake& one, const dissect::Dissection& dissection);
    void take_more(Index index, Side side, const TlsPacket& packet, const Said& said);
    static void hear_reply(Handshake& one, const TlsPacket& packet, const Said& said);
    static void change(Handshake& one, Side side, const TlsPacket& packet, const Said& said);

    void gather(Index index, Gathered what, const TlsPacket& packet);
    void gather_more(Index index, Side side, const TlsPacket& packet);
    void read_gathered_client(Index index);
    void read_gathered_server(Index index);
    // Null: not all of the hello is there. Valid until the next call.
    [[nodiscard]] const dissect::Dissection* dissect_gathered(const Handshake& one, std::string_view hello);
    void stop_gathering(Index index);
    [[nodiscard]] std::span<std::byte> room();
    [[nodiscard]] dissect::Dissection& scratch();

    // outcome: what it is without a hello of the server. Outcome::unanswered says that nothing more will
    // come.
    void end(Index index, Outcome outcome);
    void tell(const Handshake& one, Outcome outcome);
    [[nodiscard]] dissect::TlsFlight read_flight(const Handshake& one);
    void add_server_fields(const Handshake& one, const dissect::TlsFlight& flight, bool is_settled);
    void add_certificate(std::span<const std::byte> certificate, Transaction& transaction);
    void remove(Index index);  // one that is over

    std::uint64_t seed_;
    TransactionSink& sink_;
    Handshakes handshakes_;
    flows::HashedIndex index_;
    Handshakes::List waiting_;
    Handshakes::List idle_;         // those that are over
    std::vector<Index> gathering_;  // the oldest first
    std::vector<std::unique_ptr<StreamStart>> free_streams_;
    std::unique_ptr<dissect::Dissection> scratch_;                      // null: none was needed
    std::unique_ptr<std::array<std::byte, StreamStart::kBytes>> room_;  // likewise
    std::vector<dissect::Field> told_;                                  // of the transaction that is told
    std::int64_t now_ns_ = 0;
    std::uint64_t evicted_ = 0;
};

}  // namespace packetsentry::transactions
