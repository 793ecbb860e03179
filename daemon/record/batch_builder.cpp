#include "daemon/record/batch_builder.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "daemon/record/address_dictionary.h"
#include "daemon/record/header_columns.h"
#include "daemon/record/layer_dictionary.h"
#include "daemon/record/number_column.h"
#include "daemon/record/sparse_columns.h"
#include "proto/messages/batch.pb.h"

namespace packetsentry::record {
namespace {

using Numbers = google::protobuf::RepeatedField<std::uint32_t>;

// What one row can add: two of the network, two of the link, and those in its fields.
constexpr std::size_t kAddressesPerRow = 4 + dissect::Dissection::kFieldLimit;
static_assert(kAddressesPerRow < AddressDictionary::kLimit, "an empty batch has room for any row");

// A column that is zero in every row is left out.
template <typename Column>
void clear_if_zero(Column& column) {
    if (std::ranges::all_of(column, [](auto value) { return value == 0; })) column.Clear();
}

constexpr dissect::Protocol kNotDissected{.word = "DATA", .name = "", .shows_ports = false, .detail = {}};

char flags_of(const capture::Packet& packet, const dissect::Dissection& dissection) {
    int flags = wire::FLAG_NONE;
    if (dissection.malformed) flags |= wire::FLAG_MALFORMED;
    if (dissection.has_ports) flags |= wire::FLAG_PORTS;
    if (!packet.has_time) flags |= wire::FLAG_NO_TIME;
    if (packet.time_back) flags |= wire::FLAG_TIME_BACK;
    if (dissection.incomplete) flags |= wire::FLAG_INCOMPLETE;
    return static_cast<char>(flags);
}

}  // namespace

struct BatchBuilder::State {
    // Link addresses come in runs: the one before saves a look-up.
    struct Repeated {
        base::Address address;
        std::uint16_t slot = 0;
    };

    explicit State(BatchLimits l) : limits(l) { clear(); }

    BatchLimits limits;
    AddressDictionary addresses;
    SparseColumns columns;
    LayerDictionary layers;
    HeaderColumns headers;
    wire::Batch batch;
    std::array<const dissect::Protocol*, 256> protocols{};
    std::size_t last_protocol = 0;  // index
    Repeated last_source_mac, last_destination_mac;
    ShortColumn source, destination, source_mac, destination_mac, source_port, destination_port, layers_index;
    std::uint64_t first_number = 1;  // of the open batch
    std::int64_t last_time = 0;
    std::uint64_t last_place = 0;
    bool keeps_captured = false;
    bool drafted = false;  // the batch is as it will be sealed
    std::string sealed;
    // The batch's byte columns, looked up once a batch.
    std::string* address = nullptr;
    std::string* address_size = nullptr;
    std::string* network = nullptr;
    std::string* ip_protocol = nullptr;
    std::string* protocol_index = nullptr;
    std::string* flags = nullptr;

    std::uint16_t slot(const base::Address& from) { return addresses.slot(from, *address, *address_size); }
    std::uint16_t slot(const base::Address& from, Repeated& before);
    void append_time(const capture::Packet& packet);
    void append_place(std::uint64_t place);
    void append_protocol(const dissect::Dissection& dissection);
    void append_interface(std::string_view name, std::uint32_t link_type);
    void append_fields(const dissect::Dissection& dissection);
    void copy_shorts();
    void clear();
};

BatchBuilder::BatchBuilder(BatchLimits limits) : state_(std::make_unique<State>(limits)) {}
BatchBuilder::~BatchBuilder() = default;

std::uint16_t BatchBuilder::State::slot(const base::Address& from, Repeated& before) {
    if (from != before.address) before = {from, slot(from)};
    return before.slot;
}

void BatchBuilder::State::append_time(const capture::Packet& packet) {
    // A packet without a time repeats the one before, so that deltas stay small; its flag tells.
    const std::int64_t time = packet.has_time ? packet.time_ns : last_time;
    if (batch.rows() == 0) batch.set_first_time_ns(last_time = time);
    batch.add_time_delta_ns(
        static_cast<std::int64_t>(static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(last_time)));
    last_time = time;
}

void BatchBuilder::State::append_place(std::uint64_t place) {
    const bool first = batch.rows() == 0;
    if (first) batch.set_first_place(place);
    batch.add_skipped(first || place <= last_place ? 0 : place - last_place - 1);
    last_place = place;
}

void BatchBuilder::State::append_protocol(const dissect::Dissection& dissection) {
    const dissect::Protocol* protocol = dissection.protocol != nullptr ? dissection.protocol : &kNotDissected;
    const auto count = static_cast<std::size_t>(batch.protocol_size());
    if (count != 0 && protocol == protocols[last_protocol]) {
        protocol_index->push_back(static_cast<char>(last_protocol));
        return;
    }
    auto* const end = protocols.begin() + count;
    auto* const found = std::find(protocols.begin(), end, protocol);
    last_protocol = static_cast<std::size_t>(found - protocols.begin());
    protocol_index->push_back(static_cast<char>(last_protocol));
    if (found != end) return;
    protocols[count] = protocol;
    wire::Protocol* entry = batch.add_protocol();
    entry->set_word(std::string(protocol->word));
    entry->set_name(std::string(protocol->name));
    entry->set_shows_ports(protocol->shows_ports);
    for (const dissect::FieldInfo* detail : protocol->detail) entry->add_detail(detail->number);
}

void BatchBuilder::State::append_interface(std::string_view name, std::uint32_t link_type) {
    int index = 0;
    while (index < batch.interface_size() &&
           (batch.interface(index).link_type() != link_type || batch.interface(index).name() != name))
        ++index;
    if (index == batch.interface_size()) {
        wire::Interface* entry = batch.add_interface();
        entry->set_name(std::string(name));
        entry->set_link_type(link_type);
    }
    batch.add_interface_index(static_cast<std::uint32_t>(index));
}

void BatchBuilder::State::append_fields(const dissect::Dissection& dissection) {
    const std::uint32_t row = batch.rows();
    for (const dissect::Field& field : dissection.fields()) {
        const bool has_slot = field.info->kind == dissect::FieldKind::address;
        if (!columns.append(batch, row, field, has_slot ? slot(field.address) : 0))
            flags->back() = static_cast<char>(flags->back() | wire::FLAG_INCOMPLETE);
    }
}

void BatchBuilder::prepare(const dissect::Dissection& dissection) const {
    state_->addresses.prepare(dissection.source);
    state_->addresses.prepare(dissection.destination);
}

void BatchBuilder::append(const capture::Packet& packet, const dissect::Dissection& dissection,
                          std::span<const capture::SourceInterface> interfaces,
                          std::string_view interface_name) {
    State& state = *state_;
    wire::Batch& batch = state.batch;
    if (interface_name.empty() && packet.interface < interfaces.size())
        interface_name = interfaces[packet.interface].name;

    state.append_time(packet);
    state.append_place(packet.number);
    const auto captured = static_cast<std::uint32_t>(packet.frame.size());
    const std::uint32_t wire_bytes = std::max(packet.wire_bytes, captured);
    batch.add_wire_bytes(wire_bytes);
    batch.add_cut_bytes(wire_bytes - captured);
    if (state.keeps_captured)
        batch.mutable_captured()->append(reinterpret_cast<const char*>(packet.frame.data()), captured);
    state.source.add(state.slot(dissection.source));
    state.destination.add(state.slot(dissection.destination));
    state.source_mac.add(state.slot(dissection.source_mac, state.last_source_mac));
    state.destination_mac.add(state.slot(dissection.destination_mac, state.last_destination_mac));
    state.source_port.add(dissection.source_port);
    state.destination_port.add(dissection.destination_port);
    state.network->push_back(static_cast<char>(dissection.network));
    state.ip_protocol->push_back(static_cast<char>(dissection.ip_protocol));
    state.flags->push_back(flags_of(packet, dissection));
    state.layers_index.add(state.layers.index(dissection, batch));
    state.headers.add(dissection.headers);
    state.append_protocol(dissection);
    state.append_interface(interface_name, packet.link_type);
    state.append_fields(dissection);
    batch.set_rows(batch.rows() + 1);
}

std::uint32_t BatchBuilder::rows() const {
    return state_->batch.rows();
}

bool BatchBuilder::full() const {
    // A batch names at most 256 protocols and, at the reader, a bounded number of interfaces.
    const std::size_t text_bytes = state_->columns.text_bytes() + state_->layers.text_bytes();
    return rows() >= state_->limits.rows || text_bytes >= state_->limits.bytes || state_->layers.full() ||
           state_->columns.values() >= state_->limits.values || state_->columns.full() ||
           state_->batch.captured().size() >= state_->limits.captured ||
           state_->batch.protocol_size() >= 255 || state_->batch.interface_size() >= 1024 ||
           state_->address_size->size() > AddressDictionary::kLimit - kAddressesPerRow;
}

void BatchBuilder::keep_captured() {
    state_->keeps_captured = true;
}

void BatchBuilder::number_from(std::uint64_t first_number) {
    state_->first_number = first_number;
}

const wire::Batch& BatchBuilder::draft() {
    State& state = *state_;
    wire::Batch& batch = state.batch;
    if (std::exchange(state.drafted, true)) return batch;
    batch.set_table(wire::TABLE_PACKETS);
    batch.set_first_number(state.first_number);
    for (Numbers* column : {batch.mutable_cut_bytes(), batch.mutable_interface_index()})
        clear_if_zero(*column);
    clear_if_zero(*batch.mutable_skipped());
    state.copy_shorts();
    state.headers.copy_to(batch);
    return batch;
}

const std::string& BatchBuilder::seal() {
    State& state = *state_;
    const wire::Batch& batch = draft();
    const std::size_t size = batch.ByteSizeLong();
    // The size given back may be a larger one in GCC 12.
    state.sealed.resize_and_overwrite(size, [&batch, size](char* out, std::size_t) {
        (void)batch.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(out));
        return size;
    });

    state.first_number += batch.rows();
    state.clear();
    return state.sealed;
}

void BatchBuilder::discard() {
    state_->first_number += state_->batch.rows();
    state_->clear();
}

void BatchBuilder::State::copy_shorts() {
    source.copy_to(*batch.mutable_source());
    destination.copy_to(*batch.mutable_destination());
    if (!source_mac.all_zero()) source_mac.copy_to(*batch.mutable_source_mac());
    if (!destination_mac.all_zero()) destination_mac.copy_to(*batch.mutable_destination_mac());
    if (!source_port.all_zero()) source_port.copy_to(*batch.mutable_source_port());
    if (!destination_port.all_zero()) destination_port.copy_to(*batch.mutable_destination_port());
    if (!layers_index.all_zero()) layers_index.copy_to(*batch.mutable_layers_index());
}

void BatchBuilder::State::clear() {
    drafted = false;
    batch.Clear();  // keeps what the columns have grown to
    addresses.clear();
    columns.clear();
    layers.clear();
    headers.clear();
    for (ShortColumn* column : {&source, &destination, &source_mac, &destination_mac, &source_port,
                                &destination_port, &layers_index})
        column->clear();
    last_source_mac = last_destination_mac = {};
    address = batch.mutable_address();
    address_size = batch.mutable_address_size();
    network = batch.mutable_network();
    ip_protocol = batch.mutable_ip_protocol();
    protocol_index = batch.mutable_protocol_index();
    flags = batch.mutable_flags();
}

}  // namespace packetsentry::record
