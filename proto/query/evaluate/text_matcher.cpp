#include "proto/query/evaluate/text_matcher.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "proto/query/shown.h"

namespace packetsentry::query {
namespace {

constexpr std::array<unsigned char, 256> kSmall = [] {
    std::array<unsigned char, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = static_cast<unsigned char>(i >= 'A' && i <= 'Z' ? i - 'A' + 'a' : i);
    return table;
}();

char small(char c) {
    return static_cast<char>(kSmall[static_cast<unsigned char>(c)]);
}

bool begins_without_case(const char* text, std::string_view part) {
    for (std::size_t i = 0; i < part.size(); ++i)
        if (small(text[i]) != part[i]) return false;
    return true;
}

// As Wireshark's: without regard to case, and a point is any byte but that of a new line. A pattern with
// other bytes than those of ASCII is one of characters, as its bytes would be other letters without regard to
// case.
re2::RE2::Options options_of(std::string_view pattern) {
    re2::RE2::Options options;
    const bool ascii =
        std::ranges::all_of(pattern, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    options.set_encoding(ascii ? re2::RE2::Options::EncodingLatin1 : re2::RE2::Options::EncodingUTF8);
    options.set_case_sensitive(false);
    options.set_log_errors(false);
    options.set_max_mem(kPatternMemory / static_cast<std::int64_t>(kPatternLimit));
    return options;
}

std::string one_line(std::string_view text) {
    const std::string line = shown(text);
    return line.substr(1, line.size() - 2);
}

}  // namespace

TextMatcher::TextMatcher() = default;
TextMatcher::TextMatcher(TextMatcher&&) noexcept = default;
TextMatcher& TextMatcher::operator=(TextMatcher&&) noexcept = default;
TextMatcher::~TextMatcher() = default;

Result<TextMatcher> TextMatcher::compile(const Test& test) {
    TextMatcher matcher;
    matcher.caseless_ = test.field.caseless;
    matcher.inverted_ = test.op == Operator::ne;
    if (test.op == Operator::matches) {
        const std::string& pattern = std::get<std::string>(test.values.front().first);
        matcher.pattern_ = std::make_unique<re2::RE2>(pattern, options_of(pattern));
        if (!matcher.pattern_->ok())
            return refuse("this pattern cannot be used: " + one_line(matcher.pattern_->error()),
                          test.value_place);
        return matcher;
    }
    matcher.is_part_ = test.op == Operator::contains;
    if (matcher.is_part_) {
        matcher.part_ = std::get<std::string>(test.values.front().first);
        if (matcher.caseless_) std::ranges::transform(matcher.part_, matcher.part_.begin(), small);
        return matcher;
    }
    for (const ValueRange& range : test.values) matcher.add(test, range);
    std::ranges::sort(matcher.singles_,
                      [&](const std::string& a, const std::string& b) { return matcher.compare(a, b) < 0; });
    return matcher;
}

void TextMatcher::add(const Test& test, const ValueRange& range) {
    const auto& first = std::get<std::string>(range.first);
    const auto& last = std::get<std::string>(range.last);
    switch (test.op) {
        case Operator::lt:
            return between_.push_back({nullptr, &first, true, false});
        case Operator::le:
            return between_.push_back({nullptr, &first, true, true});
        case Operator::gt:
            return between_.push_back({&first, nullptr, false, true});
        case Operator::ge:
            return between_.push_back({&first, nullptr, true, true});
        default:
            if (first == last) return singles_.push_back(first);
            return between_.push_back({&first, &last, true, true});
    }
}

int TextMatcher::compare(std::string_view a, std::string_view b) const {
    if (!caseless_) return a.compare(b);
    const std::size_t size = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < size; ++i) {
        const int difference =
            kSmall[static_cast<unsigned char>(a[i])] - kSmall[static_cast<unsigned char>(b[i])];
        if (difference != 0) return difference;
    }
    return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
}

bool TextMatcher::contains(std::string_view text) const {
    if (part_.empty()) return true;
    if (!caseless_) return ::memmem(text.data(), text.size(), part_.data(), part_.size()) != nullptr;
    if (text.size() < part_.size()) return false;
    const char first = part_.front();
    const char* const end = text.data() + (text.size() - part_.size() + 1);
    for (const char* at = text.data(); at != end; ++at)
        if (small(*at) == first && begins_without_case(at, part_)) return true;
    return false;
}

bool TextMatcher::is_between(std::string_view text) const {
    return std::ranges::any_of(between_, [&](const Between& between) {
        if (between.first != nullptr && compare(text, *between.first) < (between.first_included ? 0 : 1))
            return false;
        return between.last == nullptr || compare(text, *between.last) <= (between.last_included ? 0 : -1);
    });
}

bool TextMatcher::matches(std::string_view text) const {
    if (pattern_) return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *pattern_);
    if (is_part_) return contains(text);
    if (singles_.size() == 1 && between_.empty()) return (compare(text, singles_.front()) == 0) != inverted_;
    const bool listed = std::ranges::binary_search(
        singles_, text, [&](std::string_view a, std::string_view b) { return compare(a, b) < 0; });
    return (listed || is_between(text)) != inverted_;
}

}  // namespace packetsentry::query
