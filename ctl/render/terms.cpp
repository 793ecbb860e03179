#include "ctl/render/terms.h"

#include "ctl/render/amount.h"

namespace packetsentry::ctl::render {
namespace {

std::string redaction_text(const wire::Redaction& redaction) {
    std::string text;
    const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    if (redaction.headers_only()) add("headers only");
    if (redaction.cut_payload())
        add("at most " + std::to_string(redaction.payload_bytes()) + " bytes of payload");
    if (redaction.mask_addresses()) add("addresses masked");
    return text;
}

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
        facts.emplace_back("Redaction", text);
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
    const wire::Redaction& redaction = capture.redaction();
    if (redaction_text(redaction).empty()) return;
    object.open("redaction");
    object.boolean("headers_only", redaction.headers_only());
    if (redaction.cut_payload()) object.number("payload_bytes", redaction.payload_bytes());
    object.boolean("mask_addresses", redaction.mask_addresses());
    object.close();
}

}  // namespace packetsentry::ctl::render
