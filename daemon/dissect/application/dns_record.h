// Records of a DNS message as fields: dns.answers in the Elastic Common Schema is a list of objects, and the
// records of the other two sections are told in the same way.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

inline constexpr const FieldInfo& kDnsAnswerData = field("dns.answers.data");

enum class DnsSection : std::uint8_t { answers, authorities, additionals };  // in their order in a message

struct DnsRecord {
    std::string_view name;          // empty: it could not be read
    std::string_view type;          // "CNAME"
    std::string_view record_class;  // "IN"
    std::uint32_t ttl = 0;          // seconds
    std::string_view data;          // empty: this type's data is not put into words
};

// Adds one value to each of the section's five columns, so that value i of each of them is about record i. An
// empty text holds the place of what is not known. The views must live as long as the dissection's.
void add_dns_record(DnsSection section, const DnsRecord& record, Dissection& out);

}  // namespace packetsentry::dissect
