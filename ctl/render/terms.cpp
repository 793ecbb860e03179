#include "ctl/render/terms.h"

#include "ctl/render/amount.h"
#include "ctl/render/job.h"

namespace packetsentry::ctl::render {
namespace {

void number_unless_0(JsonObject& object, const char* key, std::uint64_t value) {
    if (value != 0) object.number(key, value);
}

}  // namespace

void add_terms(Facts& facts, const wire::CaptureSpec& capture) {
    if (!capture.required_filter().empty()) facts.emplace_back("Required filter", capture.required_filter());
    if (capture.snapshot_limit() != 0)
        facts.emplace_back("Of each packet",
                           "at most " + std::to_string(capture.snapshot_limit()) + " bytes");
    if (const std::string text = redaction_text(capture.redaction()); !text.empty())
        facts.emplace_back("Redacted", text);
    if (capture.packets_per_second() != 0)
        facts.emplace_back("Rate limit", std::to_string(capture.packets_per_second()) + " packets/s");
    if (capture.file_bytes_limit() != 0)
        facts.emplace_back("Saved at most", bytes_text(capture.file_bytes_limit()));
}

void put_terms(JsonObject& object, const wire::CaptureSpec& capture) {
    object.text_unless_empty("required_filter", capture.required_filter());
    number_unless_0(object, "snapshot_limit", capture.snapshot_limit());
    number_unless_0(object, "rate_limit", capture.packets_per_second());
    number_unless_0(object, "file_bytes_limit", capture.file_bytes_limit());
    object.text_unless_empty("redacted", redaction_text(capture.redaction()));
}

}  // namespace packetsentry::ctl::render
