// What a text must be: compiled once, asked for every value of a column.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "proto/query/expression.h"

namespace re2 {
class RE2;
}

namespace packetsentry::query {

// Bytes of memory that all patterns of a filter may take together, and how many there may be.
inline constexpr std::int64_t kPatternMemory = 16 << 20;
inline constexpr std::size_t kPatternLimit = 32;

class TextMatcher {
  public:
    TextMatcher();
    TextMatcher(TextMatcher&&) noexcept;
    TextMatcher& operator=(TextMatcher&&) noexcept;
    ~TextMatcher();

    // op: any but Operator::present. Error: a pattern that RE2 refuses, with its reason, or that needs too
    // much memory.
    [[nodiscard]] static Result<TextMatcher> compile(const Test& test);

    [[nodiscard]] bool matches(std::string_view text) const;

  private:
    // A range of texts; where an end is not there, nothing ends it.
    struct Between {
        const std::string* first = nullptr;  // into the test's values
        const std::string* last = nullptr;
        bool first_included = true;
        bool last_included = true;
    };

    void add(const Test& test, const ValueRange& range);
    [[nodiscard]] int compare(std::string_view a, std::string_view b) const;
    [[nodiscard]] bool contains(std::string_view text) const;
    [[nodiscard]] bool is_between(std::string_view text) const;

    bool caseless_ = false;
    bool inverted_ = false;
    std::string part_;  // of "contains"; small letters where case makes no difference
    bool is_part_ = false;
    std::vector<std::string> singles_;  // in order
    std::vector<Between> between_;
    std::unique_ptr<re2::RE2> pattern_;
};

}  // namespace packetsentry::query
