// The fields every row may have: one function each, named by the table in json_rows.cpp.
#include <utility>

#include "ctl/render/escape.h"
#include "ctl/render/json_rows.h"
#include "proto/rows/fields.h"
#include "proto/rows/tcp_flags.h"
#include "proto/rows/transport.h"

namespace packetsentry::ctl::render {
namespace {

std::string_view network_name(wire::Network network) {
    switch (network) {
        case wire::NETWORK_IPV4:
            return "ipv4";
        case wire::NETWORK_IPV6:
            return "ipv6";
        case wire::NETWORK_ARP:
            return "arp";
        default:
            return {};
    }
}

std::string_view word_of(wire::NameSource source) {
    switch (source) {
        case wire::NAME_SOURCE_TLS:
            return "tls";
        case wire::NAME_SOURCE_HTTP:
            return "http";
        default:
            return "dns";
    }
}

}  // namespace

void JsonRows::put_text_at(const JsonPath& path, std::string_view bytes) {
    if (bytes.empty()) return;
    nesting_.value_at(path);
    put_json_text(json_, bytes, scratch_);
}

void JsonRows::put_plain_at(const JsonPath& path, std::string_view text) {
    if (text.empty()) return;
    nesting_.value_at(path);
    scratch_.clear();
    scratch_.append('"');
    scratch_.append(text);
    scratch_.append('"');
    put_json_quoted(json_, scratch_.view());
}

void JsonRows::put_number_at(const JsonPath& path, std::uint64_t number) {
    nesting_.value_at(path);
    json_.Uint64(number);
}

void JsonRows::put_flag_at(const Row& row, const JsonPath& path, wire::Flag flag) {
    if (!view_->flag(row.index, flag)) return;
    nesting_.value_at(path);
    json_.Bool(true);
}

void JsonRows::put_port_at(const Row& row, const JsonPath& path, std::uint16_t port) {
    if (view_->flag(row.index, wire::FLAG_PORTS)) put_number_at(path, port);
}

void JsonRows::put_ecs_version(const Row&, const JsonPath& path) {
    put_plain_at(path, rows::kEcsVersion);
}

void JsonRows::put_time(const Row& row, const JsonPath& path) {
    if (!view_->flag(row.index, wire::FLAG_NO_TIME))
        put_plain_at(path, time_.text(view_->time_ns(row.index)));
}

void JsonRows::put_begin(const Row& row, const JsonPath& path) {
    if (!view_->flag(row.index, wire::FLAG_NO_TIME))
        put_plain_at(path, time_.text(view_->begin_ns(row.index)));
}

void JsonRows::put_duration(const Row& row, const JsonPath& path) {
    put_number_at(path, view_->duration_ns(row.index));
}

void JsonRows::put_sequence(const Row& row, const JsonPath& path) {
    put_number_at(path, row.sequence);
}

void JsonRows::put_network_bytes(const Row& row, const JsonPath& path) {
    put_number_at(path, view_->wire_bytes(row.index));
}

void JsonRows::put_community_id(const Row& row, const JsonPath& path) {
    const auto* const known = community_ids_.at(row.index);
    if (known == nullptr) return;
    nesting_.value_at(path);
    put_json_quoted(json_, known->quoted());
}

// A keyword in ECS, so a string.
void JsonRows::put_iana_number(const Row& row, const JsonPath& path) {
    const std::uint8_t number = view_->ip_protocol(row.index);
    if (number != 0) put_plain_at(path, std::to_string(number));
}

void JsonRows::put_network_protocol(const Row& row, const JsonPath& path) {
    put_text_at(path, view_->protocol(row.index).name());
}

void JsonRows::put_transport(const Row& row, const JsonPath& path) {
    const rows::Transport* carrier = rows::transport(view_->ip_protocol(row.index));
    if (carrier != nullptr) put_plain_at(path, carrier->ecs);
}

void JsonRows::put_network_type(const Row& row, const JsonPath& path) {
    put_plain_at(path, network_name(view_->network(row.index)));
}

// Where it is not known whether a packet was sent, it was seen, which is what ingress means.
void JsonRows::put_egress_interface(const Row& row, const JsonPath& path) {
    if (interfaces_.direction(row.index) == Direction::egress) put_text_at(path, interfaces_.name(row.index));
}

void JsonRows::put_ingress_interface(const Row& row, const JsonPath& path) {
    if (interfaces_.direction(row.index) != Direction::egress) put_text_at(path, interfaces_.name(row.index));
}

void JsonRows::put_captured(const Row& row, const JsonPath& path) {
    put_number_at(path, view_->captured_bytes(row.index));
}

void JsonRows::put_context(const Row&, const JsonPath& path) {
    if (!context_) return;
    nesting_.value_at(path);
    json_.Bool(true);
}
void JsonRows::put_job(const Row&, const JsonPath& path) {
    if (job_) put_number_at(path, *job_);
}

void JsonRows::put_malformed(const Row& row, const JsonPath& path) {
    nesting_.value_at(path);
    json_.Bool(view_->flag(row.index, wire::FLAG_MALFORMED));
}

void JsonRows::put_incomplete(const Row& row, const JsonPath& path) {
    put_flag_at(row, path, wire::FLAG_INCOMPLETE);
}

void JsonRows::put_time_back(const Row& row, const JsonPath& path) {
    put_flag_at(row, path, wire::FLAG_TIME_BACK);
}

void JsonRows::put_word(const Row& row, const JsonPath& path) {
    put_text_at(path, view_->protocol(row.index).word());
}

void JsonRows::put_names(const Row& row, const JsonPath& path) {
    find_named(row);
    if (named_.empty()) return;
    nesting_.value_at(path);
    json_.StartArray();
    for (const std::uint32_t slot : named_) {
        const proto::AddressName name = view_->name_of(slot);
        json_.StartObject();
        json_.Key("ip");
        put_json_text(json_, addresses_.text(slot), scratch_);
        json_.Key("name");
        put_json_text(json_, name.text, scratch_);
        json_.Key("source");
        put_json_text(json_, word_of(name.source), scratch_);
        json_.EndObject();
    }
    json_.EndArray();
}

void JsonRows::find_named(const Row& row) {
    named_.clear();
    if (!view_->has_names()) return;
    add_named(row, view_->source(row.index));
    add_named(row, view_->destination(row.index));
    for (const std::size_t column : inner_ends_) {
        const proto::ValueRange range = cursors_[column].at(row.index);
        for (std::size_t value = range.first; value < range.last; ++value)
            add_named(row, static_cast<std::uint32_t>(cursors_[column].column().number(value)));
    }
}

void JsonRows::add_named(const Row& row, std::uint32_t slot) {
    if (std::exchange(looked_at_[slot], row.index + 1) == row.index + 1) return;
    if (!view_->name_of(slot).text.empty()) named_.push_back(slot);
}

void JsonRows::put_summary(const Row& row, const JsonPath& path) {
    put_text_at(path, texts_->summary(row.index));
}

// A header without any flag has an empty text, which is not left out.
void JsonRows::put_tcp_flags(const Row& row, const JsonPath& path) {
    if (!view_->has_tcp(row.index)) return;
    nesting_.value_at(path);
    const std::uint16_t flags = view_->tcp_flags(row.index);
    put_json_text(json_, rows::tcp_flags_text(static_cast<std::uint8_t>(flags)), scratch_);
}

void JsonRows::put_source_ip(const Row& row, const JsonPath& path) {
    put_plain_at(path, addresses_.text(view_->source(row.index)));
}

void JsonRows::put_source_mac(const Row& row, const JsonPath& path) {
    put_plain_at(path, addresses_.text(view_->source_mac(row.index)));
}

void JsonRows::put_source_port(const Row& row, const JsonPath& path) {
    put_port_at(row, path, view_->source_port(row.index));
}

void JsonRows::put_destination_ip(const Row& row, const JsonPath& path) {
    put_plain_at(path, addresses_.text(view_->destination(row.index)));
}

void JsonRows::put_destination_mac(const Row& row, const JsonPath& path) {
    put_plain_at(path, addresses_.text(view_->destination_mac(row.index)));
}

void JsonRows::put_destination_port(const Row& row, const JsonPath& path) {
    put_port_at(row, path, view_->destination_port(row.index));
}

}  // namespace packetsentry::ctl::render
