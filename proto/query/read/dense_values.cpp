#include "proto/query/read/dense_values.h"

#include <array>

#include "proto/rows/transport.h"

namespace packetsentry::query {
namespace {

using rows::FieldKind;
using Found = std::optional<FieldValue>;

Found number(std::uint64_t value) {
    return FieldValue::of_number(value);
}

Found text_or_none(std::string_view text) {
    return text.empty() ? Found() : FieldValue::of_text(text);
}

Found slot_or_none(std::uint32_t slot) {
    return slot == 0 ? Found() : FieldValue{.kind = FieldKind::address, .number = slot};
}

Found time(const ReadBatch& batch, std::uint32_t row) {
    if (batch.view->flag(row, wire::FLAG_NO_TIME)) return {};
    return FieldValue{.kind = FieldKind::time,
                      .number = static_cast<std::uint64_t>(batch.view->time_ns(row))};
}

Found begin_time(const ReadBatch& batch, std::uint32_t row) {
    if (batch.view->table() == wire::TABLE_PACKETS || batch.view->flag(row, wire::FLAG_NO_TIME)) return {};
    return FieldValue{.kind = FieldKind::time,
                      .number = static_cast<std::uint64_t>(batch.view->begin_ns(row))};
}

Found end_time(const ReadBatch& batch, std::uint32_t row) {
    return batch.view->table() == wire::TABLE_PACKETS ? Found() : time(batch, row);
}

Found duration(const ReadBatch& batch, std::uint32_t row) {
    return batch.view->table() == wire::TABLE_PACKETS ? Found() : number(batch.view->duration_ns(row));
}

Found ecs_version(const ReadBatch&, std::uint32_t) {
    return FieldValue::of_text(rows::kEcsVersion);
}

Found sequence(const ReadBatch& batch, std::uint32_t row) {
    return number(batch.origin.first_sequence + batch.view->number_offset(row));
}

Found job(const ReadBatch& batch, std::uint32_t) {
    return batch.origin.job ? number(*batch.origin.job) : Found();
}

Found place(const ReadBatch& batch, std::uint32_t row) {
    return batch.view->place(row) == 0 ? Found() : number(batch.view->place(row));
}

Found wire_bytes(const ReadBatch& batch, std::uint32_t row) {
    return batch.view->table() == wire::TABLE_PACKETS ? number(batch.view->wire_bytes(row)) : Found();
}

Found captured_bytes(const ReadBatch& batch, std::uint32_t row) {
    return batch.view->table() == wire::TABLE_PACKETS ? number(batch.view->captured_bytes(row)) : Found();
}

Found ip_protocol(const ReadBatch& batch, std::uint32_t row) {
    return batch.view->has_ip(row) ? number(batch.view->ip_protocol(row)) : Found();
}

Found source_port(const ReadBatch& batch, std::uint32_t row) {
    return batch.view->flag(row, wire::FLAG_PORTS) ? number(batch.view->source_port(row)) : Found();
}

Found destination_port(const ReadBatch& batch, std::uint32_t row) {
    return batch.view->flag(row, wire::FLAG_PORTS) ? number(batch.view->destination_port(row)) : Found();
}

Found source(const ReadBatch& batch, std::uint32_t row) {
    return slot_or_none(batch.view->source(row));
}

Found destination(const ReadBatch& batch, std::uint32_t row) {
    return slot_or_none(batch.view->destination(row));
}

Found source_mac(const ReadBatch& batch, std::uint32_t row) {
    return slot_or_none(batch.view->source_mac(row));
}

Found destination_mac(const ReadBatch& batch, std::uint32_t row) {
    return slot_or_none(batch.view->destination_mac(row));
}

template <wire::Flag flag>
Found row_flag(const ReadBatch& batch, std::uint32_t row) {
    return FieldValue{.kind = FieldKind::flag, .number = batch.view->flag(row, flag) ? 1U : 0U};
}

Found context(const ReadBatch& batch, std::uint32_t) {
    return batch.origin.context ? Found(FieldValue{.kind = FieldKind::flag, .number = 1}) : Found();
}

Found network_type(const ReadBatch& batch, std::uint32_t row) {
    constexpr std::array<std::string_view, wire::Network_ARRAYSIZE> kNames = {"", "ipv4", "ipv6", "arp"};
    return text_or_none(kNames[static_cast<std::size_t>(batch.view->network(row))]);
}

Found transport(const ReadBatch& batch, std::uint32_t row) {
    const rows::Transport* const carried = rows::transport(batch.view->ip_protocol(row));
    return carried == nullptr ? Found() : FieldValue::of_text(carried->ecs);
}

Found protocol_name(const ReadBatch& batch, std::uint32_t row) {
    return text_or_none(batch.view->protocol(row).name());
}

Found protocol_word(const ReadBatch& batch, std::uint32_t row) {
    return text_or_none(batch.view->protocol(row).word());
}

Found interface(const ReadBatch& batch, std::uint32_t row) {
    return text_or_none(batch.view->interface(row).name());
}

constexpr DenseRow kDenseRows[] = {
    {&rows::field("@timestamp"), time},
    {&rows::field("destination.ip"), destination},
    {&rows::field("destination.mac"), destination_mac},
    {&rows::field("destination.port"), destination_port},
    {&rows::field("ecs.version"), ecs_version},
    {&rows::field("event.duration"), duration},
    {&rows::field("event.end"), end_time},
    {&rows::field("event.sequence"), sequence},
    {&rows::field("event.start"), begin_time},
    {&rows::field("network.bytes"), wire_bytes},
    {&rows::field("network.iana_number"), ip_protocol},
    {&rows::field("network.protocol"), protocol_name},
    {&rows::field("network.transport"), transport},
    {&rows::field("network.type"), network_type},
    {&rows::field("observer.egress.interface.name"), interface},
    {&rows::field("observer.ingress.interface.name"), interface},
    {&rows::field("packetsentry.captured_bytes"), captured_bytes},
    {&rows::field("packetsentry.context"), context},
    {&rows::field("packetsentry.incomplete"), row_flag<wire::FLAG_INCOMPLETE>},
    {&rows::field("packetsentry.job"), job},
    {&rows::field("packetsentry.malformed"), row_flag<wire::FLAG_MALFORMED>},
    {&rows::field("packetsentry.number"), place},
    {&rows::field("packetsentry.protocol"), protocol_word},
    {&rows::field("packetsentry.time_back"), row_flag<wire::FLAG_TIME_BACK>},
    {&rows::field("source.ip"), source},
    {&rows::field("source.mac"), source_mac},
    {&rows::field("source.port"), source_port},
};

}  // namespace

DenseValue dense_value(const rows::FieldInfo& info) {
    for (const auto table : {std::span<const DenseRow>(kDenseRows), header_values()})
        for (const DenseRow& row : table)
            if (row.info == &info) return row.read;
    return nullptr;
}

}  // namespace packetsentry::query
