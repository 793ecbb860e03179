// What Zeek has for a record of DNS in the column "answers" of its dns.log: not the data as it is, but
// what its script base/protocols/dns/main.zeek makes of it.
#pragma once

#include <string_view>

#include "ctl/render/text_buffer.h"

namespace packetsentry::ctl::render {

struct DnsAnswer {
    std::string_view type;  // "CNAME": these are as rows have them, dns.answers.…
    std::string_view owner;
    std::string_view data;  // empty: not known
};

// Appends the text of the record, which is raw: to be escaped before it is printed. Nothing is appended
// where Zeek has no text for it. Returns whether Zeek takes any notice of the record: for it, an answer
// that has no such record is none.
bool append_zeek_answer(TextBuffer& out, const DnsAnswer& answer);

}  // namespace packetsentry::ctl::render
