#include "ctl/render/usual_columns.h"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "proto/query/reference.h"

namespace packetsentry::ctl::render {
namespace {

constexpr std::string_view kColumnsOfPackets[] = {
    "event.sequence",        "@timestamp",     "source.ip",
    "source.port",           "destination.ip", "destination.port",
    "packetsentry.protocol", "network.bytes",  "packetsentry.summary",
};

constexpr std::string_view kColumnsOfFlows[] = {
    "event.sequence",
    "event.start",
    "event.duration",
    "source.ip",
    "source.port",
    "destination.ip",
    "destination.port",
    "network.transport",
    "network.protocol",
    "source.packets",
    "source.bytes",
    "destination.packets",
    "destination.bytes",
    "packetsentry.flow.state",
    "packetsentry.flow.history",
    "network.community_id",
};

// The outcome stands before the duration, as that of a question without an answer is 0.
constexpr std::string_view kColumnsOfDns[] = {
    "event.sequence",
    "event.start",
    "packetsentry.transaction.outcome",
    "event.duration",
    "source.ip",
    "source.port",
    "destination.ip",
    "destination.port",
    "network.transport",
    "packetsentry.protocol",
    "dns.id",
    "dns.question.name",
    "dns.question.type",
    "dns.response_code",
    "dns.resolved_ip",
    "dns.answers.data",
    "packetsentry.transaction.repeats",
    "network.community_id",
};

constexpr std::string_view kColumnsOfHttp[] = {
    "event.sequence",
    "event.start",
    "packetsentry.transaction.outcome",
    "event.duration",
    "source.ip",
    "source.port",
    "destination.ip",
    "destination.port",
    "http.request.method",
    "url.domain",
    "url.original",
    "http.response.status_code",
    "packetsentry.http.reason",
    "packetsentry.http.response.content_type",
    "packetsentry.http.response.content_length",
    "user_agent.original",
    "packetsentry.http.depth",
    "packetsentry.transaction.repeats",
    "network.community_id",
};

constexpr std::string_view kColumnsOfTls[] = {
    "event.sequence",
    "event.start",
    "packetsentry.transaction.outcome",
    "event.duration",
    "source.ip",
    "source.port",
    "destination.ip",
    "destination.port",
    "network.protocol",
    "tls.client.server_name",
    "tls.version",
    "tls.cipher",
    "tls.curve",
    "tls.next_protocol",
    "tls.established",
    "tls.resumed",
    "packetsentry.tls.ech",
    "packetsentry.tls.ja4",
    "tls.server.subject",
    "tls.server.issuer",
    "tls.server.not_after",
    "packetsentry.tls.alert.description",
    "packetsentry.transaction.repeats",
    "network.community_id",
};

struct UsualColumns {
    wire::Table table;
    std::span<const std::string_view> names;
};
constexpr UsualColumns kUsualColumns[] = {
    {wire::TABLE_PACKETS, kColumnsOfPackets}, {wire::TABLE_FLOWS, kColumnsOfFlows},
    {wire::TABLE_DNS, kColumnsOfDns},         {wire::TABLE_HTTP, kColumnsOfHttp},
    {wire::TABLE_TLS, kColumnsOfTls},
};

}  // namespace

std::vector<FieldChoice> usual_columns(wire::Table table) {
    const auto* const found = std::ranges::find(kUsualColumns, table, &UsualColumns::table);
    std::vector<FieldChoice> columns;
    for (const std::string_view name : found == std::end(kUsualColumns) ? kColumnsOfPackets : found->names)
        if (auto field = query::resolve_to_read(name, {}))
            columns.push_back({std::string(name), *std::move(field)});
    return columns;
}

}  // namespace packetsentry::ctl::render
