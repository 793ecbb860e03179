// One conversation, as far as it has come.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "daemon/dissect/dissection.h"
#include "daemon/flows/conn_state.h"
#include "daemon/flows/flow_history.h"
#include "daemon/flows/flow_names.h"
#include "daemon/flows/flow_packet.h"
#include "daemon/flows/highest_rate.h"
#include "daemon/flows/state_bytes.h"
#include "daemon/flows/tcp_conversation.h"
#include "proto/flows/community_id.h"
#include "proto/flows/flow_key.h"

namespace packetsentry::flows {

// What one side has sent.
struct FlowCounts {
    std::uint64_t packets = 0;
    std::uint64_t ip_bytes = 0;
    std::uint64_t payload_bytes = 0;  // of TCP, conversations tell better (TcpSide::data_bytes)
};

// Why a flow is over, or why its row comes before that.
enum class FlowReason : std::uint8_t {
    lasts,     // it is not over
    ended,     // its protocol says so
    idle,      // nothing came for long
    replaced,  // another one has begun between the same ends
    evicted,   // there was no room for it any more
    stopped,   // the capture has ended
};

class Flow {
  public:
    static constexpr std::size_t kServices = 3;
    static constexpr std::int64_t kRateTime = 2 * std::int64_t{1'000'000'000};  // nanoseconds

    // turned: the packet is taken for one of the responder, because its source port is that of a server.
    Flow(const FlowPacket& packet, bool turned);

    // Returns what a segment of TCP is to the flow, as TcpNotes.
    std::uint8_t take(const FlowPacket& packet);
    [[nodiscard]] bool begins_another(const FlowPacket& packet) const {
        return packet.tcp && tcp_ && tcp_->begins_another(*packet.tcp, packet.tuple.source == originator_);
    }

    [[nodiscard]] const FlowEnd& originator() const { return originator_; }
    [[nodiscard]] const FlowEnd& responder() const { return responder_; }
    [[nodiscard]] std::uint8_t ip_protocol() const { return ip_protocol_; }
    [[nodiscard]] const FlowCounts& counts(bool of_originator) const {
        return of_originator ? originator_counts_ : responder_counts_;
    }
    // Bytes of payload: of TCP by its sequence numbers.
    [[nodiscard]] std::uint64_t data_bytes(bool of_originator) const;
    [[nodiscard]] std::int64_t begin_ns() const { return begin_ns_; }
    // When the last packet came, apart from those that came after the end of a connection. Never before the
    // first, even if the clock was set back.
    [[nodiscard]] std::int64_t end_ns() const { return end_ns_; }
    // The bytes of IP packets of both sides in the second that had the most (HighestRate). Nothing if the
    // flow is shorter than kRateTime.
    [[nodiscard]] std::optional<std::uint64_t> highest_rate() const;
    [[nodiscard]] ConnState state() const;
    [[nodiscard]] const FlowHistory& history() const { return history_; }
    [[nodiscard]] const TcpConversation* tcp() const { return tcp_ ? &*tcp_ : nullptr; }
    // The sides are the other way round than they were at first.
    [[nodiscard]] bool turned() const { return tcp_ && tcp_->turned(); }

    // The names by which the responder is called; null: none is known.
    [[nodiscard]] const FlowNames* names() const { return names_.get(); }
    // A name is missing, because there was no room for it.
    [[nodiscard]] bool lacks_names() const { return lacks_names_; }
    // name: as FlowNames::add() takes it. pool must outlive this object.
    void add_name(NameSource source, NamePool::Id name, NamePool& pool);
    void forget_names() { names_.reset(); }

    // Each has another name.
    [[nodiscard]] std::span<const dissect::Protocol* const> services() const {
        return {services_.data(), service_count_};
    }
    // protocol: must outlive this object.
    void add_service(const dissect::Protocol* protocol);
    // Numbers of the rows of its first and its last packet.
    [[nodiscard]] std::uint64_t first_packet() const { return first_packet_; }
    [[nodiscard]] std::uint64_t last_packet() const { return last_packet_; }
    [[nodiscard]] const CommunityHash& community() const { return community_; }
    // The flow between the ends of the tunnel that carries this one, as far as its first packet tells; null:
    // none does.
    [[nodiscard]] const CommunityHash* parent() const { return has_parent_ ? &parent_ : nullptr; }
    // On which its first packet came, as FlowPacket has both.
    [[nodiscard]] std::uint32_t interface() const { return interface_; }
    [[nodiscard]] std::uint32_t interface_index() const { return interface_index_; }
    // How many packets the capture itself has lost since the first packet, of `all` that it has lost until
    // now: below 2^32.
    [[nodiscard]] std::uint32_t lost_since(std::uint64_t all) const {
        return static_cast<std::uint32_t>(all) - lost_before_;
    }

    // Without its ends, which the constructor takes, its names and services, its interface and its losses,
    // which mean something else to another worker. Numbers of rows are not passed, because another worker
    // begins them again.
    template <typename Bytes>
    void pass(Bytes& bytes) {  // see StateReader
        for (bool* const flag : {&has_parent_, &lacks_names_}) bytes.flag(*flag);
        history_.pass(bytes);
        for (FlowCounts* const counts : {&originator_counts_, &responder_counts_})
            for (std::uint64_t* const count : {&counts->packets, &counts->ip_bytes, &counts->payload_bytes})
                bytes.number(*count);
        for (std::int64_t* const time : {&begin_ns_, &end_ns_})
            bytes.within(*time, -kPassedTime, kPassedTime);
        rate_.pass(bytes);
        bytes.number(interface_index_);
        bytes.bytes(community_);
        bytes.bytes(parent_);
        bool has_tcp = tcp_.has_value();
        bytes.flag(has_tcp);
        if (has_tcp && !tcp_) tcp_.emplace();
        if (tcp_) tcp_->pass(bytes);
    }
    // Tells whether it is a possible one, after it was passed.
    [[nodiscard]] bool valid() const {
        return begin_ns_ <= end_ns_ && history_.valid() && (!tcp_ || tcp_->valid());
    }

  private:
    void turn();

    FlowEnd originator_;
    FlowEnd responder_;
    std::uint8_t ip_protocol_;
    std::uint8_t service_count_ = 0;
    bool has_parent_ = false;
    bool lacks_names_ = false;
    FlowHistory history_;
    FlowCounts originator_counts_;
    FlowCounts responder_counts_;
    std::int64_t begin_ns_;
    std::int64_t end_ns_;
    HighestRate rate_;
    std::uint32_t lost_before_;  // the lower bits
    std::uint32_t interface_;
    std::uint32_t interface_index_;
    std::uint64_t first_packet_;
    std::uint64_t last_packet_;
    std::array<const dissect::Protocol*, kServices> services_{};
    std::unique_ptr<FlowNames> names_;  // few flows have any
    CommunityHash community_;
    CommunityHash parent_{};
    std::optional<TcpConversation> tcp_;
};

}  // namespace packetsentry::flows
