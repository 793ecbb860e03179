#include "daemon/spool/search/question_plan.h"

#include <optional>
#include <string>
#include <variant>

#include "proto/flows/community_id.h"
#include "proto/query/expression.h"
#include "proto/query/layer_names.h"
#include "proto/rows/fields.h"

namespace packetsentry::spool {
namespace {

using query::Node;
using query::Operator;
using query::Prefix;
using query::Source;
using query::Tree;

constexpr std::uint64_t kHighestPort = 65535;
constexpr std::string_view kArpWord = "arp";

IndexPlan plan_of_port(std::uint16_t port) {
    if (port == 0) return {};
    return IndexLookup::exact(KeyKind::port, port_key(port));
}

// Each ARP packet has the word of the protocol, also one of which nothing else can be read.
IndexPlan plan_of_kind(const base::PacketKind& kind) {
    if (kind.network == base::PacketKind::Network::arp)
        return IndexLookup::exact(KeyKind::protocol, std::string(kArpWord));
    return plan_of_port(kind.port);
}

IndexPlan plan_of_address(const base::AddressPrefix& prefix) {
    const auto kind = kind_of(prefix.address);
    if (!kind) return {};
    return IndexLookup{.kind = *kind,
                       .range = network_range(prefix.address, static_cast<unsigned>(prefix.bits))};
}

bool is_port(const rows::FieldInfo& info) {
    return &info == &rows::field("source.port") || &info == &rows::field("destination.port") ||
           kind_of_column(info.path) == KeyKind::port;
}

bool is_protocol(const rows::FieldInfo& info) {
    return &info == &rows::field("network.protocol") || &info == &rows::field("packetsentry.protocol");
}

// Every address that a row has is in the dictionary of its batch, whichever field has it.
IndexPlan plan_of_addresses(const query::ValueRange& values) {
    const auto* const first = std::get_if<Prefix>(&values.first);
    const auto* const last = std::get_if<Prefix>(&values.last);
    if (first == nullptr || last == nullptr || first->address.size != last->address.size) return {};
    const auto kind = kind_of(first->address);
    if (!kind) return {};
    return IndexLookup{.kind = *kind,
                       .range = {network_range(first->address, static_cast<unsigned>(first->bits)).first,
                                 network_range(last->address, static_cast<unsigned>(last->bits)).last}};
}

// A number that is too high for a port may stand in a forged row, and has no key.
IndexPlan plan_of_ports(const query::ValueRange& values) {
    const auto* const first = std::get_if<std::uint64_t>(&values.first);
    const auto* const last = std::get_if<std::uint64_t>(&values.last);
    if (first == nullptr || last == nullptr || *first > kHighestPort || *last > kHighestPort) return {};
    return IndexLookup{
        .kind = KeyKind::port,
        .range = port_range(static_cast<std::uint16_t>(*first), static_cast<std::uint16_t>(*last))};
}

// A text that is no identifier has no key, though a row may have it.
IndexPlan plan_of_community_id(Operator op, std::string_view text) {
    const auto hash = flows::parse_community_id(text);
    if (op == Operator::contains || !hash) return {};
    return IndexLookup::exact(KeyKind::community_id, std::string(flows::bytes_of(*hash)));
}

// Keys are in lower case and comparisons may not be, so a key stands for each of its spellings.
IndexPlan plan_of_text(const rows::FieldInfo& info, Operator op, const query::ValueRange& values) {
    const auto* const text = std::get_if<std::string>(&values.first);
    if (text == nullptr || values.first != values.last) return {};
    if (is_protocol(info)) {
        if (op == Operator::contains || text->empty()) return {};
        return IndexLookup::exact(KeyKind::protocol, protocol_key(*text));
    }
    if (kind_of_column(info.path) == KeyKind::community_id) return plan_of_community_id(op, *text);
    if (kind_of_column(info.path) != KeyKind::name) return {};
    if (op == Operator::contains) return plan_of_name('*' + *text + '*');
    return IndexLookup::exact(KeyKind::name, name_key(*text));
}

IndexPlan plan_of_values(const Source& source, Operator op, const query::ValueRange& values) {
    const rows::FieldInfo& info = *source.info;
    if (source.numbers != nullptr || !source.text_before.empty() || source.last_word) return {};
    if (info.kind == rows::FieldKind::text) return plan_of_text(info, op, values);
    if (op == Operator::contains) return {};
    if (info.kind == rows::FieldKind::address) return plan_of_addresses(values);
    return is_port(info) ? plan_of_ports(values) : IndexPlan();
}

// Only operators that are true where some value is a certain one: a row that passes has that value then,
// whether the quantifier is "any" or "all".
bool asks_for_values(const query::Test& test) {
    return (test.op == Operator::eq || test.op == Operator::in || test.op == Operator::contains) &&
           test.typed_mask == 0 && !test.field.masked() &&
           test.field.reading == query::Reference::Reading::plain;
}

IndexPlan plan_of_test(const query::Test& test) {
    const std::string_view layer = test.field.layer;
    if (!layer.empty())
        return layer == query::kFrameLayer
                   ? IndexPlan()
                   : IndexPlan(IndexLookup::exact(KeyKind::protocol, protocol_key(layer)));
    if (!asks_for_values(test) || test.field.sources.empty() || test.values.empty()) return {};
    std::vector<IndexPlan> any;
    for (const Source& source : test.field.sources)
        for (const query::ValueRange& values : test.values)
            any.push_back(plan_of_values(source, test.op, values));
    return IndexPlan::any_of(std::move(any));
}

IndexPlan plan_of_node(const Tree& tree, const Node& node) {
    if (node.kind == Node::Kind::test) return plan_of_test(tree.tests[node.left]);
    if (node.kind == Node::Kind::negation || node.kind == Node::Kind::exclusive) return {};
    std::vector<IndexPlan> parts;
    for (const std::uint16_t part : {node.left, node.right})
        parts.push_back(plan_of_node(tree, tree.nodes[part]));
    return node.kind == Node::Kind::conjunction ? IndexPlan::all_of(std::move(parts))
                                                : IndexPlan::any_of(std::move(parts));
}

}  // namespace

IndexPlan plan_of_options(const base::PacketFilter& options) {
    std::vector<IndexPlan> all = {plan_of_port(options.port)};
    if (options.address) all.push_back(plan_of_address(*options.address));
    if (!options.kinds.empty()) {
        std::vector<IndexPlan> any;
        for (const base::PacketKind& kind : options.kinds) any.push_back(plan_of_kind(kind));
        all.push_back(IndexPlan::any_of(std::move(any)));
    }
    return IndexPlan::all_of(std::move(all));
}

IndexPlan plan_of_display(const query::Expression& expression) {
    const Tree& tree = expression.tree();
    return tree.nodes.empty() ? IndexPlan() : plan_of_node(tree, tree.nodes.back());
}

IndexPlan plan_of_name(std::string_view pattern) {
    return IndexLookup{
        .kind = KeyKind::name, .how = IndexLookup::How::names_like, .pattern = std::string(pattern)};
}

}  // namespace packetsentry::spool
