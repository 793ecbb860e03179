#include "proto/query/read/packet_order.h"

#include <algorithm>
#include <iterator>

namespace packetsentry::query {
namespace {

// A field that is not here is alone in its names, or comes behind these.
constexpr const rows::FieldInfo* kInPacketOrder[] = {
    &rows::field("destination.mac"),
    &rows::field("source.mac"),
    &rows::field("network.vlan.id"),
    &rows::field("packetsentry.vlan.between"),
    &rows::field("network.inner.vlan.id"),
    &rows::field("source.ip"),
    &rows::field("destination.ip"),
    &rows::field("source.port"),
    &rows::field("destination.port"),
    &rows::field("packetsentry.inner.source.ip"),
    &rows::field("packetsentry.inner.destination.ip"),
    &rows::field("packetsentry.inner.source.port"),
    &rows::field("packetsentry.inner.destination.port"),
    &rows::field("dns.answers.class"),
    &rows::field("dns.answers.data"),
    &rows::field("dns.answers.name"),
    &rows::field("dns.answers.ttl"),
    &rows::field("dns.answers.type"),
    &rows::field("dns.resolved_ip"),
    &rows::field("packetsentry.dns.authorities.class"),
    &rows::field("packetsentry.dns.authorities.name"),
    &rows::field("packetsentry.dns.authorities.ttl"),
    &rows::field("packetsentry.dns.authorities.type"),
    &rows::field("packetsentry.dns.additionals.class"),
    &rows::field("packetsentry.dns.additionals.name"),
    &rows::field("packetsentry.dns.additionals.ttl"),
    &rows::field("packetsentry.dns.additionals.type"),
    &rows::field("packetsentry.dns.additional_ip"),
    &rows::field("packetsentry.tls.message"),
    &rows::field("packetsentry.tls.further_messages"),
};

std::ptrdiff_t rank_of(const Source& source) {
    return std::ranges::find(kInPacketOrder, source.info) - std::begin(kInPacketOrder);
}

}  // namespace

void put_in_packet_order(std::vector<Source>& sources) {
    // An insertion sort, because the order of equals must stay, and a name has few sources.
    for (auto next = sources.begin(); next != sources.end(); ++next)
        std::rotate(std::ranges::upper_bound(sources.begin(), next, rank_of(*next), {}, rank_of), next,
                    std::next(next));
}

}  // namespace packetsentry::query
