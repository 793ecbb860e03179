#include "ctl/doctor/findings.h"

#include <array>

#include "ctl/render/escape.h"
#include "ctl/render/json_object.h"

namespace packetsentry::ctl::doctor {
namespace {

using render::escaped;

struct Style {
    std::string_view word;    // on a line
    std::string_view result;  // in JSON
    std::string_view colour;  // empty: none
};

// By verdict.
constexpr std::array kStyles = {
    Style{"ok", "ok", "\x1b[32m"},
    Style{"warn", "warn", "\x1b[33m"},
    Style{"FAIL", "fail", "\x1b[31m"},
    Style{"-", "skipped", ""},
};
constexpr std::string_view kNoColour = "\x1b[0m";
constexpr std::size_t kWordWidth = 5;
constexpr std::size_t kCheckWidth = 11;

const Style& style_of(Verdict verdict) {
    return kStyles.at(static_cast<std::size_t>(verdict));
}

std::string padded(std::string_view text, std::size_t width) {
    std::string out(text);
    out.resize(std::max(out.size(), width), ' ');
    return out;
}

std::string word_of(const Style& style, bool coloured) {
    std::string word = padded(style.word, kWordWidth);
    if (!coloured || style.colour.empty()) return word;
    return std::string(style.colour) + word + std::string(kNoColour);
}

}  // namespace

std::string findings_text(std::span<const Finding> findings, bool coloured) {
    std::string text;
    for (const Finding& finding : findings) {
        text += word_of(style_of(finding.verdict), coloured) + padded(finding.check, kCheckWidth) +
                escaped(finding.message) + "\n";
        if (!finding.mend.empty())
            text += std::string(kWordWidth + kCheckWidth, ' ') + escaped(finding.mend) + "\n";
    }
    return text;
}

std::string finding_json(const Finding& finding) {
    render::JsonObject object;
    object.text("check", finding.check);
    object.text("result", style_of(finding.verdict).result);
    object.text("message", finding.message);
    object.text_unless_empty("mend", finding.mend);
    return object.line();
}

}  // namespace packetsentry::ctl::doctor
