#include "daemon/record/row_columns.h"

#include <string>

namespace packetsentry::record {
namespace {

// Returns where count numbers are to be written.
template <typename Numbers>
auto* make_room(Numbers& numbers, std::size_t count) {
    numbers.Resize(static_cast<int>(count), 0);
    return numbers.mutable_data();
}

template <typename Column, typename Numbers>
void copy_numbers(const Column& column, Numbers& numbers) {
    const auto values = column.values();
    std::ranges::copy(values, make_room(numbers, values.size()));
}

void copy_times(std::span<const std::uint64_t> times, wire::Batch& batch) {
    batch.set_first_time_ns(static_cast<std::int64_t>(times.front()));
    std::int64_t* const deltas = make_room(*batch.mutable_time_delta_ns(), times.size());
    deltas[0] = 0;
    for (std::size_t i = 1; i < times.size(); ++i)
        deltas[i] = static_cast<std::int64_t>(times[i] - times[i - 1]);
}

void copy_places(std::span<const std::uint64_t> places, wire::Batch& batch) {
    batch.set_first_place(places.front());
    std::uint64_t any = 0;
    const auto skipped = [&places](std::size_t i) {
        return places[i] <= places[i - 1] ? 0 : places[i] - places[i - 1] - 1;
    };
    for (std::size_t i = 1; i < places.size(); ++i) any |= skipped(i);
    if (any == 0) return;
    std::uint64_t* const numbers = make_room(*batch.mutable_skipped(), places.size());
    numbers[0] = 0;
    for (std::size_t i = 1; i < places.size(); ++i) numbers[i] = skipped(i);
}

// making: makes the column's string, which a batch without it should not have.
template <typename Column>
void copy_unless_zero(Column& column, wire::Batch& batch, std::string* (wire::Batch::*making)()) {
    if (!column.all_zero()) column.copy_to(*(batch.*making)());
}

}  // namespace

void RowColumns::add(const RowColumns& from, std::size_t first, std::size_t count, const Renamed& renamed) {
    time.add(from.time, first, count);
    place.add(from.place, first, count);
    wire_bytes.add(from.wire_bytes, first, count);
    cut_bytes.add(from.cut_bytes, first, count);
    network.add(from.network, first, count);
    ip_protocol.add(from.ip_protocol, first, count);
    protocol.add_renamed(from.protocol, first, count, renamed.protocols);
    flags.add(from.flags, first, count);
    source.add_renamed(from.source, first, count, renamed.addresses);
    destination.add_renamed(from.destination, first, count, renamed.addresses);
    source_mac.add_renamed(from.source_mac, first, count, renamed.addresses);
    destination_mac.add_renamed(from.destination_mac, first, count, renamed.addresses);
    source_port.add(from.source_port, first, count);
    destination_port.add(from.destination_port, first, count);
    layers.add_renamed(from.layers, first, count, renamed.layers);
    interface.add_renamed(from.interface, first, count, renamed.interfaces);
    headers.add(from.headers, first, count);
}

void RowColumns::clear() {
    time.clear();
    place.clear();
    for (auto* column : {&wire_bytes, &cut_bytes}) column->clear();
    for (auto* column : {&network, &ip_protocol, &protocol, &flags}) column->clear();
    for (auto* column : {&source, &destination, &source_mac, &destination_mac, &source_port,
                         &destination_port, &layers, &interface})
        column->clear();
    headers.clear();
}

void RowColumns::copy_to(wire::Batch& batch) {
    copy_times(time.values(), batch);
    copy_places(place.values(), batch);
    copy_numbers(wire_bytes, *batch.mutable_wire_bytes());
    if (!cut_bytes.all_zero()) copy_numbers(cut_bytes, *batch.mutable_cut_bytes());
    network.copy_to(*batch.mutable_network());
    ip_protocol.copy_to(*batch.mutable_ip_protocol());
    protocol.copy_to(*batch.mutable_protocol_index());
    flags.copy_to(*batch.mutable_flags());
    source.copy_to(*batch.mutable_source());
    destination.copy_to(*batch.mutable_destination());
    copy_unless_zero(source_mac, batch, &wire::Batch::mutable_source_mac);
    copy_unless_zero(destination_mac, batch, &wire::Batch::mutable_destination_mac);
    copy_unless_zero(source_port, batch, &wire::Batch::mutable_source_port);
    copy_unless_zero(destination_port, batch, &wire::Batch::mutable_destination_port);
    copy_unless_zero(layers, batch, &wire::Batch::mutable_layers_index);
    if (!interface.all_zero()) copy_numbers(interface, *batch.mutable_interface_index());
    headers.copy_to(batch);
}

}  // namespace packetsentry::record
