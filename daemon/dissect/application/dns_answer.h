// A record of a DNS answer section as fields: dns.answers in the Elastic Common Schema is a list of objects.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

inline constexpr const FieldInfo& kDnsAnswerData = field("dns.answers.data");

struct DnsAnswer {
    std::string_view name;          // empty: it could not be read
    std::string_view type;          // "CNAME"
    std::string_view record_class;  // "IN"
    std::uint32_t ttl = 0;          // seconds
    std::string_view data;          // empty: this type's data is not put into words
};

// Adds one value to each of the columns dns.answers.*, so that value i of each of them is about answer i. An
// empty text holds the place of what is not known. The views must live as long as the dissection's.
void add_dns_answer(const DnsAnswer& answer, Dissection& out);

}  // namespace packetsentry::dissect
