#include "proto/query/comparison.h"

#include <algorithm>
#include <optional>

#include "proto/query/literals.h"
#include "proto/query/reference.h"
#include "proto/query/refusals.h"
#include "proto/query/shown.h"
#include "proto/query/value_check.h"

namespace packetsentry::query {
namespace {

// Each operator's sign and words. The first row of an operator and a quantifier is how it is told.
struct Spelling {
    std::string_view text;
    Operator op;
    Quantifier quantifier = Quantifier::any;
};
constexpr Spelling kSpellings[] = {
    {"==", Operator::eq},
    {"===", Operator::eq, Quantifier::all},
    {"!=", Operator::ne, Quantifier::all},
    {"!==", Operator::ne},
    {"<", Operator::lt},
    {"<=", Operator::le},
    {">", Operator::gt},
    {">=", Operator::ge},
    {"contains", Operator::contains},
    {"matches", Operator::matches},
    {"in", Operator::in},
    {"eq", Operator::eq},
    {"any_eq", Operator::eq},
    {"all_eq", Operator::eq, Quantifier::all},
    {"ne", Operator::ne, Quantifier::all},
    {"all_ne", Operator::ne, Quantifier::all},
    {"any_ne", Operator::ne},
    {"~=", Operator::ne},
    {"lt", Operator::lt},
    {"le", Operator::le},
    {"gt", Operator::gt},
    {"ge", Operator::ge},
    {"~", Operator::matches},
};

constexpr std::string_view kReserved[] = {"and", "or", "xor", "not"};

const Spelling* find_spelling(const Token& token) {
    if (token.kind != TokenKind::word && token.kind != TokenKind::sign) return nullptr;
    const auto* const found = std::ranges::find(kSpellings, token.text, &Spelling::text);
    return found == std::ranges::end(kSpellings) ? nullptr : found;
}

bool is_reserved(const Token& token) {
    return is_operator(token) || (token.kind == TokenKind::word &&
                                  std::ranges::find(kReserved, token.text) != std::ranges::end(kReserved));
}

class Reader {
  public:
    explicit Reader(std::span<const Token> tokens) : tokens_(tokens) {}

    Result<ReadComparison> read() {
        read_quantifier();
        if (auto problem = read_field()) return std::unexpected(*problem);
        if (auto problem = read_mask()) return std::unexpected(*problem);
        if (auto problem = read_operator()) return std::unexpected(*problem);
        const Token& last = tokens_[at_ - 1];
        test().place = {tokens_[0].place.offset,
                        last.place.offset + last.place.length - tokens_[0].place.offset};
        read_.tokens = at_;
        return std::move(read_);
    }

  private:
    [[nodiscard]] Test& test() { return read_.test; }
    [[nodiscard]] const Token& here() const { return tokens_[at_]; }
    [[nodiscard]] std::span<const Token> rest() const { return tokens_.subspan(at_); }

    void read_quantifier() {
        const bool quantified = (here().is_word("any") || here().is_word("all")) &&
                                tokens_[1].kind == TokenKind::word && !is_reserved(tokens_[1]);
        if (!quantified) return;
        quantifier_ = here().is_word("all") ? Quantifier::all : Quantifier::any;
        ++at_;
    }

    std::optional<Problem> read_field() {
        const Token& token = here();
        if (token.kind == TokenKind::end) return Problem{"a comparison is missing", token.place};
        if (is_reserved(token))
            return Problem{"a comparison is missing before " + shown(token.text), token.place};
        if (auto problem = capture_filter_at(rest())) return problem;
        if (auto problem = refused_at(rest())) return problem;
        if (token.kind == TokenKind::string)
            return Problem{"a string stands behind a field and an operator: field == " + shown(token.value),
                           token.place};
        if (token.kind == TokenKind::sign)
            return Problem{"a comparison is missing before " + shown(token.text), token.place};
        auto field = resolve(token.text, token.place);
        if (!field) return value_first(token).value_or(field.error());
        test().field = std::move(*field);
        ++at_;
        if (here().is_sign("[")) return refused_at(rest());
        return {};
    }

    [[nodiscard]] static std::optional<Problem> value_first(const Token& token) {
        if (!parse_number(token.text) && !parse_address(token.text)) return {};
        return Problem{shown(token.text) + " is a value, and a comparison begins with its field",
                       token.place};
    }

    std::optional<Problem> read_mask() {
        if (!here().is_sign("&") && !here().is_word("bitwise_and")) return {};
        const Place& sign = here().place;
        ++at_;
        if (comparable_of(test().field, Operator::eq, true) != Comparable::number ||
            !test().field.layer.empty())
            return Problem{test().field.name + " is not a number, so it has no bits to test", sign};
        const auto mask = here().kind == TokenKind::word ? parse_number(here().text) : std::nullopt;
        if (!mask || *mask == 0) return Problem{"a number other than 0 is expected behind &", here().place};
        test().typed_mask = *mask;
        ++at_;
        return {};
    }

    std::optional<Problem> read_operator() {
        if (here().is_word("not") && tokens_[at_ + 1].is_word("in")) {
            read_.negated = true;
            ++at_;
        }
        const Spelling* const spelling = find_spelling(here());
        if (spelling == nullptr) return missing_operator();
        test().op = spelling->op;
        test().quantifier = quantifier_.value_or(spelling->quantifier);
        const Token& sign = here();
        ++at_;
        if (!test().field.layer.empty()) return protocol_problem(sign);
        if (auto problem = check_operator(sign)) return problem;
        std::vector<WrittenValue> written;
        if (auto problem = test().op == Operator::in ? read_set(written) : read_value(written))
            return problem;
        return check(written);
    }

    [[nodiscard]] Problem protocol_problem(const Token& sign) const {
        if (read_.test.op == Operator::contains || read_.test.op == Operator::matches)
            return {"the bytes of a protocol cannot be searched; ask a field, such as http.request.uri",
                    sign.place};
        return {
            shown(read_.test.field.name) + " is a protocol, which has no value; its name alone asks for it",
            sign.place};
    }

    // A field stands alone, unless somebody has written something else behind it.
    [[nodiscard]] std::optional<Problem> missing_operator() const {
        if (here().kind == TokenKind::sign && !here().is_sign("(") && !here().is_sign("{"))
            return refused_at(rest());
        return {};
    }

    [[nodiscard]] std::optional<Problem> check_operator(const Token& sign) const {
        const bool for_texts = read_.test.op == Operator::contains || read_.test.op == Operator::matches;
        const Comparable comparable =
            comparable_of(read_.test.field, read_.test.op, read_.test.typed_mask != 0);
        if (!for_texts || comparable == Comparable::text) return {};
        return Problem{shown(sign.text) + " compares texts, and " + read_.test.field.name + " is " +
                           std::string(phrase_of(comparable)),
                       sign.place};
    }

    std::optional<Problem> read_one(Token& into) {
        const Token& token = here();
        if (token.kind == TokenKind::end) return Problem{"a value is missing", token.place};
        if (token.kind == TokenKind::sign) {
            if (auto problem = refused_at(rest())) return problem;
            return Problem{"a value is missing before " + shown(token.text), token.place};
        }
        if (is_reserved(token)) return Problem{"a value is missing before " + shown(token.text), token.place};
        into = token;
        ++at_;
        return {};
    }

    std::optional<Problem> read_value(std::vector<WrittenValue>& written) {
        if (here().is_sign("{"))
            return Problem{"a set stands behind \"in\": tcp.port in {80, 443}", here().place};
        return read_one(written.emplace_back().first);
    }

    std::optional<Problem> read_set(std::vector<WrittenValue>& written) {
        const Place open = here().place;
        if (!here().is_sign("{")) return Problem{"a set in braces is expected here, such as {80, 443}", open};
        ++at_;
        while (!here().is_sign("}")) {
            if (here().kind == TokenKind::end) return Problem{"this brace is not closed", open};
            if (auto problem = read_range(written.emplace_back())) return problem;
            if (!here().is_sign(",")) continue;
            ++at_;
            if (here().is_sign("}")) return Problem{"a value is missing before \"}\"", here().place};
        }
        ++at_;
        if (written.empty())
            return Problem{"this set is empty", {open.offset, here().place.offset - open.offset}};
        return {};
    }

    std::optional<Problem> read_range(WrittenValue& value) {
        if (auto problem = read_one(value.first)) return problem;
        if (!here().is_sign("..")) return {};
        ++at_;
        return read_one(value.last);
    }

    std::optional<Problem> check(const std::vector<WrittenValue>& written) {
        const Place& begin = written.front().first.place;
        const Token& last = tokens_[at_ - 1];
        test().value_place = {begin.offset, last.place.offset + last.place.length - begin.offset};
        const Comparable comparable = comparable_of(test().field, test().op, test().typed_mask != 0);
        auto values = check_values(test().field, comparable, test().op, written);
        if (!values) return values.error();
        test().values = std::move(*values);
        return {};
    }

    std::span<const Token> tokens_;
    std::size_t at_ = 0;
    std::optional<Quantifier> quantifier_;
    ReadComparison read_;
};

}  // namespace

Result<ReadComparison> read_comparison(std::span<const Token> tokens) {
    return Reader(tokens).read();
}

bool is_operator(const Token& token) {
    return find_spelling(token) != nullptr;
}

std::string_view spelling_of(Operator op, Quantifier quantifier) {
    for (const Spelling& row : kSpellings)
        if (row.op == op && row.quantifier == quantifier) return row.text;
    return {};
}

}  // namespace packetsentry::query
