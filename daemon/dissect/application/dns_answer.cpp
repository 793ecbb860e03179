#include "daemon/dissect/application/dns_answer.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kName = field("dns.answers.name");
constexpr const FieldInfo& kType = field("dns.answers.type");
constexpr const FieldInfo& kClass = field("dns.answers.class");
constexpr const FieldInfo& kTtl = field("dns.answers.ttl");

}  // namespace

void add_dns_answer(const DnsAnswer& answer, Dissection& out) {
    out.add(kName, answer.name);
    out.add(kType, answer.type);
    out.add(kClass, answer.record_class);
    out.add(kTtl, answer.ttl);
    out.add(kDnsAnswerData, answer.data);
}

}  // namespace packetsentry::dissect
