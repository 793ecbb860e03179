#include "daemon/record/flow_batch_builder.h"

#include <netinet/in.h>

#include <algorithm>
#include <array>

#include "daemon/flows/direction.h"
#include "daemon/record/address_dictionary.h"
#include "daemon/record/number_column.h"
#include "daemon/record/sparse_columns.h"
#include "proto/messages/batch.pb.h"
#include "proto/rows/transport.h"

namespace packetsentry::record {
namespace {

using dissect::field;
using dissect::FieldInfo;
using flows::Flow;
using flows::FlowReason;
using flows::TcpSide;

static_assert(2 * FlowBatchBuilder::kRowLimit < AddressDictionary::kLimit, "each row has two addresses");

// The fields of one side.
struct SideFields {
    const FieldInfo& packets;
    const FieldInfo& bytes;
    const FieldInfo& payload_bytes;
    const FieldInfo& retransmissions;
    const FieldInfo& out_of_order;
    const FieldInfo& zero_windows;
    const FieldInfo& duplicate_acks;
};

constexpr SideFields kOriginator = {
    .packets = field("source.packets"),
    .bytes = field("source.bytes"),
    .payload_bytes = field("packetsentry.flow.source.payload_bytes"),
    .retransmissions = field("packetsentry.flow.source.retransmissions"),
    .out_of_order = field("packetsentry.flow.source.out_of_order"),
    .zero_windows = field("packetsentry.flow.source.zero_windows"),
    .duplicate_acks = field("packetsentry.flow.source.duplicate_acks"),
};
constexpr SideFields kResponder = {
    .packets = field("destination.packets"),
    .bytes = field("destination.bytes"),
    .payload_bytes = field("packetsentry.flow.destination.payload_bytes"),
    .retransmissions = field("packetsentry.flow.destination.retransmissions"),
    .out_of_order = field("packetsentry.flow.destination.out_of_order"),
    .zero_windows = field("packetsentry.flow.destination.zero_windows"),
    .duplicate_acks = field("packetsentry.flow.destination.duplicate_acks"),
};

bool has_ports(std::uint8_t ip_protocol) {
    return ip_protocol == IPPROTO_TCP || ip_protocol == IPPROTO_UDP || ip_protocol == IPPROTO_SCTP;
}

// A word for lines, and the application where one was recognised.
struct Named {
    std::string_view word;
    std::string_view application;
    bool operator==(const Named&) const = default;
};

Named name_of(const Flow& flow) {
    const auto services = flow.services();
    if (!services.empty()) return {services.front()->word, services.front()->name};
    const rows::Transport* const carried = rows::transport(flow.ip_protocol());
    return {carried != nullptr ? carried->word : std::string_view("IP"), {}};
}

wire::Network network_of(const Flow& flow) {
    return flow.originator().address.size == 4 ? wire::NETWORK_IPV4 : wire::NETWORK_IPV6;
}

}  // namespace

std::string_view reason_word(FlowReason reason) {
    switch (reason) {
        case FlowReason::lasts:
            return "lasts";
        case FlowReason::ended:
            return "ended";
        case FlowReason::idle:
            return "idle";
        case FlowReason::replaced:
            return "replaced";
        case FlowReason::evicted:
            return "evicted";
        case FlowReason::stopped:
            return "stopped";
    }
    return "unknown";
}

struct FlowBatchBuilder::State {
    explicit State(bool direction) : with_direction(direction) {}

    bool with_direction;
    AddressDictionary addresses;
    SparseColumns columns;
    wire::Batch batch;
    ShortColumn source, destination, source_port, destination_port;
    std::uint64_t first_number = 1;  // of the open batch
    std::int64_t last_time = 0;
    std::string sealed;

    std::uint16_t slot(const base::Address& from) {
        return addresses.slot(from, *batch.mutable_address(), *batch.mutable_address_size());
    }
    void put(const FieldInfo& info, std::uint64_t number);
    void put_if_any(const FieldInfo& info, std::uint64_t number) {
        if (number != 0) put(info, number);
    }
    void put(const FieldInfo& info, std::string_view text);
    void append_times(const Flow& flow);
    void append_ends(const Flow& flow);
    void append_protocol(const Named& named);
    void append_interface(std::string_view name, std::uint32_t link_type);
    void append_side(const Flow& flow, bool of_originator, const SideFields& fields);
    void append_tcp(const Flow& flow);
    void append_facts(const Flow& flow, FlowReason reason);
    void append_names(const Flow& flow);
    void clear();
};

FlowBatchBuilder::FlowBatchBuilder(bool with_direction) : state_(std::make_unique<State>(with_direction)) {}
FlowBatchBuilder::~FlowBatchBuilder() = default;

void FlowBatchBuilder::State::put(const FieldInfo& info, std::uint64_t number) {
    (void)columns.append(batch, batch.rows(), {.info = &info, .number = number, .text = {}, .address = {}},
                         0);
}

void FlowBatchBuilder::State::put(const FieldInfo& info, std::string_view text) {
    (void)columns.append(batch, batch.rows(), {.info = &info, .number = 0, .text = text, .address = {}}, 0);
}

void FlowBatchBuilder::State::append_times(const Flow& flow) {
    const std::int64_t time = flow.end_ns();
    if (batch.rows() == 0) batch.set_first_time_ns(last_time = time);
    batch.add_time_delta_ns(
        static_cast<std::int64_t>(static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(last_time)));
    last_time = time;
    // A clock that was set back makes no conversation shorter than nothing.
    batch.add_duration_ns(time <= flow.begin_ns() ? 0
                                                  : static_cast<std::uint64_t>(time) -
                                                        static_cast<std::uint64_t>(flow.begin_ns()));
}

void FlowBatchBuilder::State::append_ends(const Flow& flow) {
    source.add(slot(flow.originator().address));
    destination.add(slot(flow.responder().address));
    source_port.add(flow.originator().port);
    destination_port.add(flow.responder().port);
    batch.mutable_network()->push_back(static_cast<char>(network_of(flow)));
    batch.mutable_ip_protocol()->push_back(static_cast<char>(flow.ip_protocol()));
    int flags = has_ports(flow.ip_protocol()) ? wire::FLAG_PORTS : wire::FLAG_NONE;
    if (flow.history().cut() || flow.lacks_names()) flags |= wire::FLAG_INCOMPLETE;
    batch.mutable_flags()->push_back(static_cast<char>(flags));
}

void FlowBatchBuilder::State::append_protocol(const Named& named) {
    int index = 0;
    while (index < batch.protocol_size() &&
           Named{batch.protocol(index).word(), batch.protocol(index).name()} != named)
        ++index;
    if (index == batch.protocol_size()) {
        wire::Protocol* const entry = batch.add_protocol();
        entry->set_word(std::string(named.word));
        entry->set_name(std::string(named.application));
        entry->set_shows_ports(true);
    }
    batch.mutable_protocol_index()->push_back(static_cast<char>(index));
}

void FlowBatchBuilder::State::append_interface(std::string_view name, std::uint32_t link_type) {
    int index = 0;
    while (index < batch.interface_size() &&
           (batch.interface(index).link_type() != link_type || batch.interface(index).name() != name))
        ++index;
    if (index == batch.interface_size()) {
        wire::Interface* const entry = batch.add_interface();
        entry->set_name(std::string(name));
        entry->set_link_type(link_type);
    }
    batch.add_interface_index(static_cast<std::uint32_t>(index));
}

void FlowBatchBuilder::State::append_side(const Flow& flow, bool of_originator, const SideFields& fields) {
    put(fields.packets, flow.counts(of_originator).packets);
    put(fields.bytes, flow.counts(of_originator).ip_bytes);
    put(fields.payload_bytes, flow.data_bytes(of_originator));
    if (flow.tcp() == nullptr) return;
    const TcpSide& side = flow.tcp()->side(of_originator);
    put_if_any(fields.retransmissions, side.retransmissions);
    put_if_any(fields.out_of_order, side.out_of_order);
    put_if_any(fields.zero_windows, side.zero_windows.count());
    put_if_any(fields.duplicate_acks, side.duplicate_acks);
}

void FlowBatchBuilder::State::append_tcp(const Flow& flow) {
    const flows::TcpConversation* const tcp = flow.tcp();
    if (tcp == nullptr) return;
    put_if_any(field("packetsentry.flow.missed_bytes"),
               tcp->originator().missing_bytes + tcp->responder().missing_bytes);
    if (const auto time = tcp->responder_rtt_ns(); time && *time >= 0)
        put(field("packetsentry.flow.destination.round_trip_time"), static_cast<std::uint64_t>(*time));
    if (const auto time = tcp->originator_rtt_ns(); time && *time >= 0)
        put(field("packetsentry.flow.source.round_trip_time"), static_cast<std::uint64_t>(*time));
}

void FlowBatchBuilder::State::append_facts(const Flow& flow, FlowReason reason) {
    put(field("packetsentry.flow.state"), to_string(flow.state()));
    if (!flow.history().text().empty()) put(field("packetsentry.flow.history"), flow.history().text());
    put(field("packetsentry.flow.reason"), reason_word(reason));
    for (const dissect::Protocol* const service : flow.services())
        put(field("packetsentry.flow.services"), service->name);
    put(field("network.community_id"), flows::community_id(flow.community()));
    if (flow.parent() != nullptr) put(field("packetsentry.flow.parent"), flows::community_id(*flow.parent()));
    if (with_direction)
        put(field("network.direction"),
            flows::direction_of(flow.originator().address, flow.responder().address));
    put_if_any(field("packetsentry.flow.first_packet"), flow.first_packet());
    put_if_any(field("packetsentry.flow.last_packet"), flow.last_packet());
}

void FlowBatchBuilder::State::append_names(const Flow& flow) {
    const flows::FlowNames* const names = flow.names();
    for (std::size_t i = 0; names != nullptr && i < names->size(); ++i) {
        put(field("destination.domain"), names->text(i));
        put(field("packetsentry.flow.domain_sources"), to_string(names->source(i)));
    }
}

void FlowBatchBuilder::append(const Flow& flow, FlowReason reason, std::string_view interface_name,
                              std::uint32_t link_type, std::uint64_t lost) {
    State& state = *state_;
    // Names lie elsewhere, so they are fetched while other columns are filled.
    if (flow.names() != nullptr) __builtin_prefetch(flow.names());
    state.append_times(flow);
    state.append_ends(flow);
    if (flow.names() != nullptr) flow.names()->prepare();
    state.append_protocol(name_of(flow));
    state.append_interface(interface_name, link_type);
    state.append_side(flow, true, kOriginator);
    state.append_side(flow, false, kResponder);
    state.append_tcp(flow);
    state.append_facts(flow, reason);
    state.append_names(flow);
    if (const auto rate = flow.highest_rate()) state.put(field("packetsentry.flow.highest_rate"), *rate);
    state.put_if_any(field("packetsentry.flow.own_losses"), flow.lost_since(lost));
    state.batch.set_rows(state.batch.rows() + 1);
}

std::uint32_t FlowBatchBuilder::rows() const {
    return state_->batch.rows();
}

std::uint64_t FlowBatchBuilder::next_number() const {
    return state_->first_number + rows();
}

std::size_t FlowBatchBuilder::text_bytes() const {
    return state_->columns.text_bytes();
}

void FlowBatchBuilder::number_from(std::uint64_t first_number) {
    state_->first_number = first_number;
}

const wire::Batch& FlowBatchBuilder::draft() {
    State& state = *state_;
    wire::Batch& batch = state.batch;
    batch.set_table(wire::TABLE_FLOWS);
    batch.set_first_number(state.first_number);
    if (batch.interface_size() == 1) batch.clear_interface_index();
    state.source.copy_to(*batch.mutable_source());
    state.destination.copy_to(*batch.mutable_destination());
    state.source_port.copy_to(*batch.mutable_source_port());
    state.destination_port.copy_to(*batch.mutable_destination_port());
    return batch;
}

const std::string& FlowBatchBuilder::seal() {
    State& state = *state_;
    (void)draft().SerializeToString(&state.sealed);
    state.first_number += state.batch.rows();
    state.clear();
    return state.sealed;
}

void FlowBatchBuilder::discard() {
    state_->first_number += state_->batch.rows();
    state_->clear();
}

void FlowBatchBuilder::State::clear() {
    batch.Clear();  // keeps what the columns have grown to
    addresses.clear();
    columns.clear();
    for (ShortColumn* column : {&source, &destination, &source_port, &destination_port}) column->clear();
}

}  // namespace packetsentry::record
