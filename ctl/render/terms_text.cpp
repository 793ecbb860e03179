#include "ctl/render/terms_text.h"

#include "ctl/render/amount.h"
#include "ctl/render/job_text.h"

namespace packetsentry::ctl::render {
namespace {

void number_unless_0(JsonObject& object, const char* key, std::uint64_t value) {
    if (value != 0) object.number(key, value);
}

}  // namespace

void add_terms(Facts& facts, const wire::Terms& terms) {
    if (!terms.required_filter().empty()) facts.emplace_back("Required filter", terms.required_filter());
    if (terms.snapshot_length() != 0)
        facts.emplace_back("Of each packet", "at most " + std::to_string(terms.snapshot_length()) + " bytes");
    if (const std::string text = redaction_text(terms.redaction()); !text.empty())
        facts.emplace_back("Redacted", text);
    if (terms.packets_per_second() != 0)
        facts.emplace_back("Rate limit", std::to_string(terms.packets_per_second()) + " packets/s");
    if (terms.file_bytes() != 0) facts.emplace_back("Saved at most", bytes_text(terms.file_bytes()));
}

void put_terms(JsonObject& object, const wire::Terms& terms) {
    object.text_unless_empty("required_filter", terms.required_filter());
    number_unless_0(object, "snapshot_limit", terms.snapshot_length());
    number_unless_0(object, "rate_limit", terms.packets_per_second());
    number_unless_0(object, "file_bytes_limit", terms.file_bytes());
    object.text_unless_empty("redacted", redaction_text(terms.redaction()));
}

}  // namespace packetsentry::ctl::render
