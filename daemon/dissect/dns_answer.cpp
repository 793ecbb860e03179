#include "daemon/dissect/dns_answer.h"

namespace packetsentry::dissect {
namespace {

constexpr FieldName kName{"dns.answers.name", FieldKind::text, true};
constexpr FieldName kType{"dns.answers.type", FieldKind::text, true};
constexpr FieldName kClass{"dns.answers.class", FieldKind::text, true};
constexpr FieldName kTtl{"dns.answers.ttl", FieldKind::number, true};

}  // namespace

void add_dns_answer(const DnsAnswer& answer, Dissection& out) {
    out.add(kName, answer.name);
    out.add(kType, answer.type);
    out.add(kClass, answer.record_class);
    out.add(kTtl, answer.ttl);
    out.add(kDnsAnswerData, answer.data);
}

}  // namespace packetsentry::dissect
