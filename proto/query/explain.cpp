// An expression as it was read, in words.
#include <algorithm>

#include "proto/query/comparison.h"
#include "proto/query/expression.h"
#include "proto/query/literals.h"
#include "proto/query/reference.h"
#include "proto/query/shown.h"

namespace packetsentry::query {
namespace {

std::string text_of(const Prefix& prefix) {
    std::string text = base::to_string(prefix.address);
    return prefix.bits == prefix.address.size * 8 ? text : text + '/' + std::to_string(prefix.bits);
}

// A number of a field of names is told by its name, where it has one that is read as this number again.
std::string text_of(const Reference& field, std::uint64_t number) {
    if (field.named() && !field.masked() && number <= std::numeric_limits<std::uint32_t>::max()) {
        const rows::NamedNumbers& numbers = *field.sources.front().numbers;
        const std::string name = numbers.name_of(static_cast<std::uint32_t>(number));
        if (!name.empty() && numbers.number_of(name) == number) return quoted(name);
    }
    return std::to_string(number);
}

std::string text_of(const Reference& field, const Value& value) {
    if (const auto* const number = std::get_if<std::uint64_t>(&value)) return text_of(field, *number);
    if (const auto* const time = std::get_if<Nanoseconds>(&value)) return quoted(time_text(time->since_1970));
    if (const auto* const prefix = std::get_if<Prefix>(&value)) return text_of(*prefix);
    return quoted(std::get<std::string>(value));
}

std::string text_of(const Reference& field, const ValueRange& range) {
    const std::string first = text_of(field, range.first);
    return range.first == range.last ? first : first + ".." + text_of(field, range.last);
}

std::string set_text(const Test& test) {
    std::string text = "{";
    for (const ValueRange& range : test.values)
        text.append(text.size() == 1 ? "" : ", ").append(text_of(test.field, range));
    return text + '}';
}

std::string text_of(const Test& test) {
    std::string text;
    std::string_view sign = spelling_of(test.op, test.quantifier);
    if (sign.empty()) {  // no sign has this quantifier
        text = test.quantifier == Quantifier::all ? "all " : "any ";
        sign = spelling_of(test.op, Quantifier::any);
    }
    if (test.op == Operator::present) text.clear();
    text += test.field.name;
    if (test.typed_mask != 0) text += " & " + std::to_string(test.typed_mask);
    if (test.op == Operator::present) return text;
    text.append(" ").append(sign).append(" ");
    return text + (test.op == Operator::in ? set_text(test) : text_of(test.field, test.values.front()));
}

class Writer {
  public:
    explicit Writer(const Tree& tree) : tree_(tree) {}

    [[nodiscard]] std::string text() const {
        return tree_.nodes.empty() ? std::string() : text(tree_.nodes.back());
    }

  private:
    [[nodiscard]] std::string text(const Node& node) const {
        if (node.kind == Node::Kind::test) return text_of(tree_.tests[node.left]);
        if (node.kind == Node::Kind::negation) return "not " + inside(tree_.nodes[node.left]);
        const Node& left = tree_.nodes[node.left];
        return (left.kind == node.kind ? text(left) : inside(left)) + std::string(word(node.kind)) +
               inside(tree_.nodes[node.right]);
    }

    [[nodiscard]] std::string inside(const Node& node) const {
        const bool bare = node.kind == Node::Kind::test || node.kind == Node::Kind::negation;
        return bare ? text(node) : '(' + text(node) + ')';
    }

    [[nodiscard]] static std::string_view word(Node::Kind kind) {
        if (kind == Node::Kind::disjunction) return " or ";
        return kind == Node::Kind::exclusive ? " xor " : " and ";
    }

    const Tree& tree_;
};

ExplainedField explained(const Reference& field) {
    if (!field.layer.empty())
        return {field.name, {}, "protocol", "The packet has this protocol as one of its layers"};
    ExplainedField told{field.name, {}, std::string(rows::kind_name(field.kind)), {}};
    for (const Source& source : field.sources) {
        told.paths.push_back(source.info->path);
        told.meaning.append(told.meaning.empty() ? "" : "; ").append(source.info->meaning);
    }
    return told;
}

}  // namespace

Explanation explain(const Expression& expression) {
    const Tree& tree = expression.tree();
    Explanation explanation{Writer(tree).text(), {}};
    for (const Test& test : tree.tests) {
        const bool told = std::ranges::any_of(
            explanation.fields, [&](const ExplainedField& field) { return field.name == test.field.name; });
        if (!told) explanation.fields.push_back(explained(test.field));
    }
    return explanation;
}

std::string meaning_of(std::string_view name) {
    const auto reference = resolve_to_read(name, {});
    return reference ? explained(*reference).meaning : std::string();
}

}  // namespace packetsentry::query
