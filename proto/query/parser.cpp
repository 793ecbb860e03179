#include "proto/query/parser.h"

#include <algorithm>
#include <optional>
#include <span>

#include "proto/query/comparison.h"
#include "proto/query/literals.h"
#include "proto/query/reference.h"
#include "proto/query/refusals.h"
#include "proto/query/shown.h"

namespace packetsentry::query {
namespace {

using NodeIndex = std::uint16_t;

struct Joint {
    std::string_view word;
    std::string_view sign;
    Node::Kind kind;
};
// From the loosest to the closest.
constexpr Joint kJoints[] = {{"or", "||", Node::Kind::disjunction},
                             {"xor", "^^", Node::Kind::exclusive},
                             {"and", "&&", Node::Kind::conjunction}};

class Parser {
  public:
    explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

    Result<Tree> parse() {
        if (here().kind == TokenKind::end) return std::move(tree_);
        parse_joined(0);
        if (!problem_ && here().kind != TokenKind::end) fail(unexpected());
        if (problem_) return std::unexpected(*problem_);
        return std::move(tree_);
    }

  private:
    [[nodiscard]] const Token& here() const { return tokens_[at_]; }
    [[nodiscard]] std::span<const Token> rest() const { return std::span(tokens_).subspan(at_); }

    NodeIndex fail(Problem problem) {
        if (!problem_) problem_ = std::move(problem);
        return 0;
    }

    NodeIndex add(Node node) {
        if (tree_.nodes.size() >= kNodeLimit)
            return fail({"this has too many comparisons; an expression has at most " +
                             std::to_string(kNodeLimit) + " of them and of what joins them",
                         here().place});
        depths_.push_back(depth_of(node));
        if (depths_.back() > kDepthLimit) return fail(too_deep());
        tree_.nodes.push_back(node);
        return static_cast<NodeIndex>(tree_.nodes.size() - 1);
    }

    [[nodiscard]] Problem too_deep() const {
        return {"brackets and negations are more than " + std::to_string(kDepthLimit) + " deep here",
                here().place};
    }

    // How deep a node is as explain() writes it: what is joined by the operator of its parent needs no
    // brackets on the left.
    [[nodiscard]] std::size_t depth_of(const Node& node) const {
        if (node.kind == Node::Kind::test) return 0;
        const auto inside = [this](NodeIndex index, std::optional<Node::Kind> same) {
            const Node::Kind kind = tree_.nodes[index].kind;
            const bool bare = kind == Node::Kind::test || kind == Node::Kind::negation || kind == same;
            return depths_[index] + (bare ? 0 : 1);
        };
        if (node.kind == Node::Kind::negation) return 1 + inside(node.left, {});
        return std::max(inside(node.left, node.kind), inside(node.right, {}));
    }

    // Left-associative, by the rows of kJoints from level on.
    NodeIndex parse_joined(std::size_t level) {
        if (level == std::size(kJoints)) return parse_negation();
        const Joint& joint = kJoints[level];
        NodeIndex left = parse_joined(level + 1);
        while (!problem_ && (here().is_word(joint.word) || here().is_sign(joint.sign))) {
            ++at_;
            const NodeIndex right = parse_joined(level + 1);
            if (problem_) break;
            left = add({joint.kind, left, right});
        }
        return left;
    }

    NodeIndex parse_negation() {
        const bool negated = here().is_word("not") || here().is_sign("!");
        if (!negated && !here().is_sign("(")) return parse_comparison();
        if (++depth_ > kDepthLimit) return fail(too_deep());
        const NodeIndex node = negated ? parse_negated() : parse_bracketed();
        --depth_;
        return node;
    }

    NodeIndex parse_negated() {
        ++at_;
        const NodeIndex inside = parse_negation();
        return problem_ ? 0 : add({Node::Kind::negation, inside});
    }

    NodeIndex parse_bracketed() {
        const Place open = here().place;
        ++at_;
        const NodeIndex inside = parse_joined(0);
        if (problem_) return 0;
        if (here().kind == TokenKind::end) return fail({"this bracket is not closed", open});
        if (!here().is_sign(")")) return fail(unexpected());
        ++at_;
        return inside;
    }

    NodeIndex parse_comparison() {
        auto comparison = read_comparison(rest());
        if (!comparison) return fail(comparison.error());
        at_ += comparison->tokens;
        tree_.tests.push_back(std::move(comparison->test));
        const NodeIndex test = add({Node::Kind::test, static_cast<NodeIndex>(tree_.tests.size() - 1)});
        return comparison->negated && !problem_ ? add({Node::Kind::negation, test}) : test;
    }

    // What stands behind a whole expression.
    [[nodiscard]] Problem unexpected() const {
        const Token& token = here();
        if (token.is_sign(")")) return {"this bracket closes nothing", token.place};
        if (const auto refusal = refused_at(rest())) return *refusal;
        if (is_operator(token))
            return {"one comparison cannot follow another; join two of them with \"and\"", token.place};
        if (token.is_sign("(") || token.kind != TokenKind::sign)
            return {"\"and\" or \"or\" is missing before " + shown(token.text), token.place};
        return {shown(token.text) + " is not expected here", token.place};
    }

    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    Tree tree_;
    std::vector<std::size_t> depths_;  // of its nodes
    std::optional<Problem> problem_;
};

}  // namespace

Result<Tree> parse_tokens(std::vector<Token> tokens) {
    return Parser(std::move(tokens)).parse();
}

}  // namespace packetsentry::query
