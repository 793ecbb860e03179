#include "ctl/options/redact_words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

namespace packetsentry::ctl {
namespace {

struct Word {
    std::string_view text;
    std::string_view meaning;
    void (*add)(wire::Redaction&, std::uint32_t number);
};

constexpr std::array kWords = {
    Word{"headers", "keep only the headers",
         [](wire::Redaction& redaction, std::uint32_t) { redaction.set_headers_only(true); }},
    Word{"payload=", "keep this many bytes of payload",
         [](wire::Redaction& redaction, std::uint32_t bytes) {
             redaction.set_payload_bytes(redaction.cut_payload() ? std::min(bytes, redaction.payload_bytes())
                                                                 : bytes);
             redaction.set_cut_payload(true);
         }},
    Word{"addresses", "keep only the headers, with masked IP and MAC addresses",
         [](wire::Redaction& redaction, std::uint32_t) { redaction.set_mask_addresses(true); }},
};

std::optional<std::uint32_t> number_of(std::string_view digits) {
    std::uint32_t number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return number;
}

}  // namespace

std::vector<RedactionName> redaction_names() {
    std::vector<RedactionName> names;
    for (const Word& word : kWords) names.push_back({word.text, word.meaning});
    return names;
}

base::Result<void> add_redaction(std::string_view text, wire::Redaction& redaction) {
    for (const Word& word : kWords) {
        const bool numbered = word.text.ends_with('=');
        if (numbered ? !text.starts_with(word.text) : text != word.text) continue;
        const auto number = numbered ? number_of(text.substr(word.text.size())) : 0;
        if (!number) break;
        word.add(redaction, *number);
        return {};
    }
    return base::fail(base::ErrorCode::usage,
                      "cannot redact '" + std::string(text) +
                          "': write --redact headers, --redact payload=64, with a number from 0 to "
                          "4294967295, or --redact addresses");
}

}  // namespace packetsentry::ctl
