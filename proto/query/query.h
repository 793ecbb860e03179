// Display filters: a question about rows, in the language that Wireshark's users know.
//
//   text --parse()--> Expression --Filter::compile()--> Filter --evaluate()--> a byte for each row
//
// parse() reads the text and checks every name and value against the table of fields (proto/rows/fields.h),
// so that whatever is wrong with an expression is found before anything runs. It links no regular expressions
// and no batch; evaluate/ does. expression.h has the meaning of the language.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace packetsentry::query {

inline constexpr std::size_t kTextLimit = 4096;  // bytes of an expression
inline constexpr std::size_t kNodeLimit = 256;   // comparisons, and the operators that join them
inline constexpr std::size_t kDepthLimit = 64;   // brackets and negations inside of each other
inline constexpr std::size_t kExplainedLimit = 8 * kTextLimit;  // bytes of Explanation::text

// Bytes of the expression's text. length is 0 where something is missing, at the end for example.
struct Place {
    std::size_t offset = 0;
    std::size_t length = 0;

    bool operator==(const Place&) const = default;
};

// What is wrong with an expression: one line, which may quote the text only as far as it can be printed, and
// the place that it is about, for a caret.
struct Problem {
    std::string message;
    Place place = {};
};

template <typename T>
using Result = std::expected<T, Problem>;

[[nodiscard]] inline std::unexpected<Problem> refuse(std::string message, Place place) {
    return std::unexpected(Problem{std::move(message), place});
}

struct Tree;  // expression.h

// A checked expression. Copies share the tree, which never changes.
class Expression {
  public:
    explicit Expression(std::shared_ptr<const Tree> tree) : tree_(std::move(tree)) {}

    [[nodiscard]] const Tree& tree() const { return *tree_; }

  private:
    std::shared_ptr<const Tree> tree_;
};

// An empty text, or one of blanks, is true of every row. Times without a zone are local, by the TZ of the
// process. Whoever hands an expression to a process with another time zone, or none, hands over
// Explanation::text instead, which is read with kExplainedLimit.
[[nodiscard]] Result<Expression> parse(std::string_view text, std::size_t limit = kTextLimit);

// One field that an expression asks.
struct ExplainedField {
    std::string name;                     // as it is written in Explanation::text
    std::vector<std::string_view> paths;  // the rows of the table that have its values; empty for a protocol
    std::string kind;                     // "number", "text", "address", "time", "flag" or "protocol"
    std::string meaning;                  // a sentence for each path, separated by "; "
};

struct Explanation {
    // The expression as it was read: every operator with its brackets, every value in its usual form, and
    // times in UTC. parse() reads it as the same expression.
    std::string text;
    std::vector<ExplainedField> fields;  // each once, in the order of the text
};

[[nodiscard]] Explanation explain(const Expression& expression);

// Every name that can be asked: paths, Wireshark's names, and protocols; in order, each once. For completion.
[[nodiscard]] const std::vector<std::string_view>& all_names();
// What one of them is, as ExplainedField::meaning; empty for any other name.
[[nodiscard]] std::string meaning_of(std::string_view name);

}  // namespace packetsentry::query
