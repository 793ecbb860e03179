#include "daemon/dissect/application/dns_record.h"

namespace packetsentry::dissect {
namespace {

struct Columns {
    const FieldInfo *name, *type, *record_class, *ttl, *data;
};

// By DnsSection.
constexpr Columns kColumns[] = {
    {&field("dns.answers.name"), &field("dns.answers.type"), &field("dns.answers.class"),
     &field("dns.answers.ttl"), &kDnsAnswerData},
    {&field("packetsentry.dns.authorities.name"), &field("packetsentry.dns.authorities.type"),
     &field("packetsentry.dns.authorities.class"), &field("packetsentry.dns.authorities.ttl"),
     &field("packetsentry.dns.authorities.data")},
    {&field("packetsentry.dns.additionals.name"), &field("packetsentry.dns.additionals.type"),
     &field("packetsentry.dns.additionals.class"), &field("packetsentry.dns.additionals.ttl"),
     &field("packetsentry.dns.additionals.data")},
};

}  // namespace

void add_dns_record(DnsSection section, const DnsRecord& record, Dissection& out) {
    const Columns& columns = kColumns[static_cast<std::size_t>(section)];
    out.add(*columns.name, record.name);
    out.add(*columns.type, record.type);
    out.add(*columns.record_class, record.record_class);
    out.add(*columns.ttl, record.ttl);
    out.add(*columns.data, record.data);
}

}  // namespace packetsentry::dissect
