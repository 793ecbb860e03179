// What is stored of a question of DNS until its answer comes.
#pragma once

#include <array>

#include "proto/rows/fields.h"

namespace packetsentry::transactions {

// What a question says. Records that somebody puts into one are no answers, and are left out.
inline constexpr std::array<const rows::FieldInfo*, 12> kOfQuestion = {
    &rows::field("dns.id"),
    &rows::field("dns.type"),
    &rows::field("dns.op_code"),
    &rows::field("dns.header_flags"),
    &rows::field("packetsentry.dns.flags"),
    &rows::field("packetsentry.dns.remarks"),
    &rows::field("packetsentry.dns.edns.version"),
    &rows::field("packetsentry.dns.edns.udp_size"),
    &rows::field("packetsentry.dns.edns.client_subnet"),
    &rows::field("dns.question.name"),
    &rows::field("dns.question.type"),
    &rows::field("dns.question.class"),
};

// What it says beside what the header of its answer says again.
inline constexpr std::array<const rows::FieldInfo*, 4> kOnlyOfQuestion = {
    &rows::field("packetsentry.dns.edns.client_subnet"),
    &rows::field("dns.question.name"),
    &rows::field("dns.question.type"),
    &rows::field("dns.question.class"),
};

}  // namespace packetsentry::transactions
