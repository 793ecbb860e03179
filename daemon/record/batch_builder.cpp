#include "daemon/record/batch_builder.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/record/address_dictionary.h"
#include "daemon/record/batch_names.h"
#include "daemon/record/layer_dictionary.h"
#include "daemon/record/row_columns.h"
#include "daemon/record/sparse_columns.h"
#include "proto/messages/batch.pb.h"

namespace packetsentry::record {
namespace {

// What one row can add: two of the network, two of the link, and those in its fields.
constexpr std::size_t kAddressesPerRow = 4 + dissect::Dissection::kFieldLimit;
static_assert(kAddressesPerRow < AddressDictionary::kLimit, "an empty batch has room for any row");

// A batch names at most 256 protocols and, at the reader, a bounded number of interfaces.
constexpr std::size_t kProtocolLimit = 255;
constexpr std::size_t kInterfaceLimit = 1024;

constexpr dissect::Protocol kNotDissected{.word = "DATA", .name = "", .shows_ports = false, .detail = {}};

int flags_of(const capture::Packet& packet, const dissect::Dissection& dissection) {
    int flags = wire::FLAG_NONE;
    if (dissection.malformed) flags |= wire::FLAG_MALFORMED;
    if (dissection.has_ports) flags |= wire::FLAG_PORTS;
    if (!packet.has_time) flags |= wire::FLAG_NO_TIME;
    if (packet.time_back) flags |= wire::FLAG_TIME_BACK;
    if (dissection.incomplete) flags |= wire::FLAG_INCOMPLETE;
    return flags;
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
    RowColumns numbers;
    wire::Batch batch;
    std::array<const dissect::Protocol*, 256> protocols{};
    std::size_t last_protocol = 0;  // index
    Repeated last_source_mac, last_destination_mac;
    std::uint64_t first_number = 1;  // of the open batch
    std::int64_t last_time = 0;
    bool keeps_captured = false;
    const flows::ServerNames* names = nullptr;  // of addresses; null: nobody knows them
    bool drafted = false;                       // the batch is as it will be sealed
    std::string sealed;
    // The batch's columns of addresses, looked up once a batch.
    std::string* address = nullptr;
    std::string* address_size = nullptr;
    // What entries of another batch are in this one.
    std::vector<std::uint16_t> renamed_addresses, renamed_layers, renamed_interfaces;
    std::array<std::uint8_t, 256> renamed_protocols{};

    std::uint16_t slot(const base::Address& from) { return addresses.slot(from, *address, *address_size); }
    std::uint16_t slot(const base::Address& from, Repeated& before);
    [[nodiscard]] std::size_t text_bytes() const { return columns.text_bytes() + layers.text_bytes(); }
    [[nodiscard]] std::int64_t time_of(const capture::Packet& packet);
    [[nodiscard]] std::uint8_t protocol(const dissect::Protocol* named);
    [[nodiscard]] std::uint16_t interface(std::string_view name, std::uint32_t link_type);
    // Returns flags of the row, which is the next one.
    [[nodiscard]] int append_fields(const dissect::Dissection& dissection);
    void rename_addresses(const State& from, std::uint32_t first, std::uint32_t count);
    [[nodiscard]] Renamed rename(const State& from, std::uint32_t first, std::uint32_t count);
    void clear();
};

BatchBuilder::BatchBuilder(BatchLimits limits) : state_(std::make_unique<State>(limits)) {}
BatchBuilder::~BatchBuilder() = default;

std::uint16_t BatchBuilder::State::slot(const base::Address& from, Repeated& before) {
    if (from != before.address) before = {from, slot(from)};
    return before.slot;
}

// A packet without a time repeats the one before, so that deltas stay small; its flag tells.
std::int64_t BatchBuilder::State::time_of(const capture::Packet& packet) {
    if (packet.has_time) last_time = packet.time_ns;
    return last_time;
}

std::uint8_t BatchBuilder::State::protocol(const dissect::Protocol* named) {
    if (named == nullptr) named = &kNotDissected;
    const auto count = static_cast<std::size_t>(batch.protocol_size());
    if (count != 0 && named == protocols[last_protocol]) return static_cast<std::uint8_t>(last_protocol);
    auto* const end = protocols.begin() + count;
    auto* const found = std::find(protocols.begin(), end, named);
    last_protocol = static_cast<std::size_t>(found - protocols.begin());
    if (found != end) return static_cast<std::uint8_t>(last_protocol);
    protocols[count] = named;
    wire::Protocol* entry = batch.add_protocol();
    entry->set_word(std::string(named->word));
    entry->set_name(std::string(named->name));
    entry->set_shows_ports(named->shows_ports);
    for (const dissect::FieldInfo* detail : named->detail) entry->add_detail(detail->number);
    return static_cast<std::uint8_t>(last_protocol);
}

std::uint16_t BatchBuilder::State::interface(std::string_view name, std::uint32_t link_type) {
    int index = 0;
    while (index < batch.interface_size() &&
           (batch.interface(index).link_type() != link_type || batch.interface(index).name() != name))
        ++index;
    if (index == batch.interface_size()) {
        wire::Interface* entry = batch.add_interface();
        entry->set_name(std::string(name));
        entry->set_link_type(link_type);
    }
    return static_cast<std::uint16_t>(index);
}

int BatchBuilder::State::append_fields(const dissect::Dissection& dissection) {
    const std::uint32_t row = batch.rows();
    int flags = wire::FLAG_NONE;
    for (const dissect::Field& field : dissection.fields()) {
        const bool has_slot = field.info->kind == dissect::FieldKind::address;
        if (!columns.append(batch, row, field, has_slot ? slot(field.address) : 0))
            flags = wire::FLAG_INCOMPLETE;
    }
    return flags;
}

// Only those that the rows name: the others are in none of them.
void BatchBuilder::State::rename_addresses(const State& from, std::uint32_t first, std::uint32_t count) {
    constexpr std::size_t kAhead = 8;
    constexpr std::uint16_t kNamed = 1;
    const auto known = from.addresses.known();
    const bool all = count == from.batch.rows();
    renamed_addresses.assign(known.size() + 1, all ? kNamed : std::uint16_t{0});
    if (!all) {
        for (const ShortColumn* column : {&from.numbers.source, &from.numbers.destination,
                                          &from.numbers.source_mac, &from.numbers.destination_mac})
            for (const std::uint16_t its : column->values().subspan(first, count))
                renamed_addresses[its] = kNamed;
        from.columns.for_slots(first, count, [this](std::uint64_t its) { renamed_addresses[its] = kNamed; });
    }
    renamed_addresses[0] = 0;
    for (std::size_t i = 0; i < known.size(); ++i) {
        if (i + kAhead < known.size()) addresses.prepare(known[i + kAhead]);
        if (renamed_addresses[i + 1] != 0) renamed_addresses[i + 1] = slot(known[i]);
    }
}

Renamed BatchBuilder::State::rename(const State& from, std::uint32_t first, std::uint32_t count) {
    rename_addresses(from, first, count);
    const auto rows = [&](const auto& column) { return column.values().subspan(first, count); };
    renamed_layers.assign(from.layers.size() + 1, 0);
    for (const std::uint16_t its : rows(from.numbers.layers))
        if (its != 0 && renamed_layers[its] == 0)
            renamed_layers[its] = layers.index(from.layers, from.batch, its, batch);
    std::array<bool, 256> has_protocol{};
    for (const std::uint8_t its : rows(from.numbers.protocol)) has_protocol[its] = true;
    for (std::size_t i = 0; i < static_cast<std::size_t>(from.batch.protocol_size()); ++i)
        if (has_protocol[i]) renamed_protocols[i] = protocol(from.protocols[i]);
    renamed_interfaces.assign(static_cast<std::size_t>(from.batch.interface_size()), 0);
    for (const std::uint16_t its : rows(from.numbers.interface)) renamed_interfaces[its] = 1;
    for (int i = 0; i < from.batch.interface_size(); ++i) {
        const wire::Interface& its = from.batch.interface(i);
        std::uint16_t& index = renamed_interfaces[static_cast<std::size_t>(i)];
        if (index != 0) index = interface(its.name(), its.link_type());
    }
    return {renamed_addresses, renamed_layers, renamed_protocols, renamed_interfaces};
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

    RowColumns& numbers = state.numbers;
    numbers.time.add(static_cast<std::uint64_t>(state.time_of(packet)));
    numbers.place.add(packet.number);
    const auto captured = static_cast<std::uint32_t>(packet.frame.size());
    const std::uint32_t wire_bytes = std::max(packet.wire_bytes, captured);
    numbers.wire_bytes.add(wire_bytes);
    numbers.cut_bytes.add(wire_bytes - captured);
    if (state.keeps_captured)
        batch.mutable_captured()->append(reinterpret_cast<const char*>(packet.frame.data()), captured);
    numbers.source.add(state.slot(dissection.source));
    numbers.destination.add(state.slot(dissection.destination));
    numbers.source_mac.add(state.slot(dissection.source_mac, state.last_source_mac));
    numbers.destination_mac.add(state.slot(dissection.destination_mac, state.last_destination_mac));
    numbers.source_port.add(dissection.source_port);
    numbers.destination_port.add(dissection.destination_port);
    numbers.network.add(static_cast<std::uint8_t>(dissection.network));
    numbers.ip_protocol.add(dissection.ip_protocol);
    numbers.layers.add(state.layers.index(dissection, batch));
    numbers.headers.add(dissection.headers);
    numbers.protocol.add(state.protocol(dissection.protocol));
    numbers.interface.add(state.interface(interface_name, packet.link_type));
    numbers.flags.add(
        static_cast<std::uint8_t>(flags_of(packet, dissection) | state.append_fields(dissection)));
    batch.set_rows(batch.rows() + 1);
}

void BatchBuilder::append(const BatchBuilder& from, std::uint32_t first, std::uint32_t count) {
    State& state = *state_;
    const State& other = *from.state_;
    const Renamed renamed = state.rename(other, first, count);
    state.numbers.add(other.numbers, first, count, renamed);
    state.columns.add(state.batch, rows(), other.columns, first, count, renamed.addresses);
    state.batch.set_rows(rows() + count);
}

bool BatchBuilder::has_room_for(const BatchBuilder& from) const {
    if (rows() == 0) return true;
    const State& a = *state_;
    const State& b = *from.state_;
    const auto together = [&](auto count) { return static_cast<std::size_t>(count(a) + count(b)); };
    return together([](const State& s) { return s.text_bytes(); }) <= a.limits.bytes &&
           together([](const State& s) { return s.columns.values(); }) <= a.limits.values &&
           together([](const State& s) { return s.columns.count(); }) <= proto::kBatchColumnLimit &&
           together([](const State& s) { return s.layers.size(); }) <= proto::kBatchLayersLimit &&
           together([](const State& s) { return s.batch.protocol_size(); }) <= kProtocolLimit &&
           together([](const State& s) { return s.batch.interface_size(); }) <= kInterfaceLimit &&
           together([](const State& s) { return s.addresses.known().size(); }) <= AddressDictionary::kLimit;
}

std::uint32_t BatchBuilder::rows() const {
    return state_->batch.rows();
}

std::uint64_t BatchBuilder::first_number() const {
    return state_->first_number;
}

bool BatchBuilder::full() const {
    const State& state = *state_;
    return rows() >= state.limits.rows || state.text_bytes() >= state.limits.bytes || state.layers.full() ||
           state.columns.values() >= state.limits.values || state.columns.full() ||
           state.batch.captured().size() >= state.limits.captured ||
           static_cast<std::size_t>(state.batch.protocol_size()) >= kProtocolLimit ||
           static_cast<std::size_t>(state.batch.interface_size()) >= kInterfaceLimit ||
           state.address_size->size() > AddressDictionary::kLimit - kAddressesPerRow;
}

void BatchBuilder::keep_captured() {
    state_->keeps_captured = true;
}

void BatchBuilder::take_names_from(const flows::ServerNames& names) {
    state_->names = &names;
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
    state.numbers.copy_to(batch);
    if (state.names != nullptr) put_names(state.addresses.known(), *state.names, batch);
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

void BatchBuilder::State::clear() {
    drafted = false;
    batch.Clear();  // keeps what the columns have grown to
    addresses.clear();
    columns.clear();
    layers.clear();
    numbers.clear();
    last_source_mac = last_destination_mac = {};
    address = batch.mutable_address();
    address_size = batch.mutable_address_size();
}

}  // namespace packetsentry::record
