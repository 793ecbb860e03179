#include "daemon/flows/passed_flow.h"

#include <string_view>
#include <utility>

namespace packetsentry::flows {
namespace {

template <typename Bytes, typename End>
void pass_end(Bytes& bytes, End& end) {
    bytes.address(end.address);
    bytes.number(end.port);
}

void write_services(StateWriter& bytes, const Flow& flow) {
    bytes.number(static_cast<std::uint8_t>(flow.services().size()));
    for (const dissect::Protocol* const service : flow.services()) {
        bytes.text(service->word);
        bytes.text(service->name);
    }
}

void read_services(StateReader& bytes, Flow& flow, PassedServices& services) {
    std::uint8_t count = 0;
    bytes.within<std::uint8_t>(count, 0, Flow::kServices);
    for (; bytes.good() && count != 0; --count) {
        std::string_view word;
        std::string_view name;
        bytes.text(word);
        bytes.text(name);
        const dissect::Protocol* const service = services.find_or_add(word, name);
        bytes.require(service != nullptr);
        if (bytes.good()) flow.add_service(service);
    }
}

void write_names(StateWriter& bytes, const FlowNames* names) {
    const std::size_t count = names == nullptr ? 0 : names->size();
    bytes.number(static_cast<std::uint8_t>(count));
    for (std::size_t i = 0; i < count; ++i) {
        bytes.word(names->source(i), NameSource::dns);
        bytes.text(names->text(i));
    }
}

void read_names(StateReader& bytes, Flow& flow, ServerNames& names) {
    std::uint8_t count = 0;
    bytes.within<std::uint8_t>(count, 0, FlowNames::kLimit);
    for (; bytes.good() && count != 0; --count) {
        NameSource source{};
        std::string_view name;
        bytes.word(source, NameSource::dns);
        bytes.text(name);
        if (bytes.good()) names.add(flow, source, name);
    }
}

}  // namespace

void write_flow(StateWriter& bytes, const FlowKey& key, FlowAges ages, Flow& flow, std::uint64_t lost) {
    pass_end(bytes, flow.originator());
    pass_end(bytes, flow.responder());
    bytes.number(flow.ip_protocol());
    bytes.flag(key.one_way());
    bytes.number(ages.active_ns);
    bytes.number(ages.report_ns);
    bytes.number(flow.interface());
    bytes.number(flow.lost_since(lost));
    flow.pass(bytes);
    write_services(bytes, flow);
    write_names(bytes, flow.names());
}

std::optional<PassedFlow> read_flow(StateReader& bytes, const FlowsPassedTo& to) {
    FlowTuple tuple;
    pass_end(bytes, tuple.source);
    pass_end(bytes, tuple.destination);
    bytes.number(tuple.ip_protocol);
    bytes.flag(tuple.one_way);
    FlowAges ages;
    bytes.number(ages.active_ns);
    bytes.number(ages.report_ns);
    std::uint32_t interface = 0;
    bytes.number(interface);
    std::uint32_t lost = 0;
    bytes.number(lost);
    bytes.require(tuple.source.address.size == tuple.destination.address.size);
    if (!bytes.good()) return std::nullopt;
    const bool known = interface < to.interfaces.size();
    Flow flow({.tuple = tuple,
               .interface = known ? to.interfaces[interface] : kNoInterface,
               .lost_before = to.lost - lost},
              false);
    flow.pass(bytes);
    bytes.require(bytes.good() && flow.valid());
    read_services(bytes, flow, to.services);
    read_names(bytes, flow, to.names);
    if (!bytes.good()) return std::nullopt;
    return PassedFlow{.key = FlowKey(tuple), .ages = ages, .flow = std::move(flow)};
}

}  // namespace packetsentry::flows
