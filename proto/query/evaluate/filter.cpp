#include "proto/query/evaluate/filter.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <vector>

#include "proto/query/evaluate/bound_batch.h"
#include "proto/query/evaluate/community_ids.h"
#include "proto/query/evaluate/condition.h"
#include "proto/query/evaluate/dense_fields.h"
#include "proto/query/evaluate/row_restrictions.h"
#include "proto/query/evaluate/sparse_fields.h"
#include "proto/query/expression.h"

namespace packetsentry::query {
namespace {

void combine(Mask into, Mask with, Node::Kind kind) {
    std::uint8_t* const to = into.data();
    const std::uint8_t* const from = with.data();
    const std::size_t rows = into.size();
    if (kind == Node::Kind::conjunction)
        for (std::size_t row = 0; row < rows; ++row) to[row] &= from[row];
    else if (kind == Node::Kind::disjunction)
        for (std::size_t row = 0; row < rows; ++row) to[row] |= from[row];
    else
        for (std::size_t row = 0; row < rows; ++row) to[row] ^= from[row];
}

bool has(Mask mask, std::uint8_t value) {
    return std::memchr(mask.data(), value, mask.size()) != nullptr;
}

void mark_any_row(BoundBatch& batch, const Condition& condition, const Source& source, const Marks& marks) {
    switch (condition.field().reading) {
        case Reference::Reading::listed:
            return mark_listed(batch, condition, source, marks);
        case Reference::Reading::presence:
            return mark_presence(batch, condition, source, marks);
        case Reference::Reading::plain:
            if (computes_community_ids(batch, source))
                mark_community_ids(batch, condition, marks);
            else if (!source.info->dense())
                mark_sparse(batch, condition, source, marks);
            else
                (void)mark_dense(batch, condition, source, marks);
    }
}

// In the rows of the source's protocol alone.
void mark_restricted(BoundBatch& batch, const Condition& condition, const Source& source,
                     const Marks& marks) {
    if (!restricts_rows(source.restriction)) return mark_any_row(batch, condition, source, marks);
    MaskPool::Lent fits = batch.lend_mask(), there = batch.lend_mask();
    const Marks own{marks.fits.empty() ? Mask() : fits.mask(), marks.there.empty() ? Mask() : there.mask()};
    mark_any_row(batch, condition, source, own);
    for (const auto& [from, to] : {std::pair{own.fits, marks.fits}, std::pair{own.there, marks.there}}) {
        if (from.empty() || !has(from, 1)) continue;
        keep_rows(batch, source.restriction, from);
        combine(to, from, Node::Kind::disjunction);
    }
}

void mark_all(BoundBatch& batch, const Condition& condition, const Marks& marks) {
    for (const Source& source : condition.field().sources) mark_restricted(batch, condition, source, marks);
}

// mask is all zeros.
void evaluate_condition(BoundBatch& batch, const Condition& condition, Mask mask) {
    if (!condition.field().layer.empty()) return mark_layer(batch, condition.field().layer, mask);
    if (condition.presence()) return mark_all(batch, condition, {.fits = {}, .there = mask});
    if (!condition.exceptions()) return mark_all(batch, condition, {.fits = mask, .there = {}});
    MaskPool::Lent exceptions = batch.lend_mask();
    mark_all(batch, condition, {.fits = exceptions.mask(), .there = mask});
    for (std::size_t row = 0; row < mask.size(); ++row)
        mask[row] &= static_cast<std::uint8_t>(exceptions.mask()[row] ^ 1);
}

}  // namespace

struct Filter::State {
    explicit State(Expression e) : expression(std::move(e)) {}

    Expression expression;
    std::vector<Condition> conditions;  // of the tree's tests
    MaskPool pool;
    flows::RowCommunityIds community_ids;

    // mask is all zeros.
    void evaluate(BoundBatch& batch, const Node& node, Mask mask) const;
};

// The right side of a joint is not asked where the left one has decided every row.
void Filter::State::evaluate(BoundBatch& batch, const Node& node, Mask mask) const {
    const std::vector<Node>& nodes = expression.tree().nodes;
    if (node.kind == Node::Kind::test) return evaluate_condition(batch, conditions[node.left], mask);
    evaluate(batch, nodes[node.left], mask);
    if (node.kind == Node::Kind::negation) {
        for (std::uint8_t& byte : mask) byte ^= 1;
        return;
    }
    if (node.kind == Node::Kind::conjunction && !has(mask, 1)) return;
    if (node.kind == Node::Kind::disjunction && !has(mask, 0)) return;
    MaskPool::Lent right = batch.lend_mask();
    evaluate(batch, nodes[node.right], right.mask());
    combine(mask, right.mask(), node.kind);
}

Filter::Filter(std::unique_ptr<State> state) : state_(std::move(state)) {}
Filter::Filter(Filter&&) noexcept = default;
Filter& Filter::operator=(Filter&&) noexcept = default;
Filter::~Filter() = default;

Result<Filter> Filter::compile(const Expression& expression) {
    auto state = std::make_unique<State>(expression);
    std::size_t patterns = 0;
    for (const Test& test : state->expression.tree().tests) {
        if (test.op == Operator::matches && ++patterns > kPatternLimit)
            return refuse("an expression has at most " + std::to_string(kPatternLimit) + " patterns",
                          test.place);
        auto condition = Condition::compile(test);
        if (!condition) return std::unexpected(condition.error());
        state->conditions.push_back(std::move(*condition));
    }
    return Filter(std::move(state));
}

std::uint32_t Filter::evaluate(const proto::BatchView& view, std::span<std::uint8_t> mask) {
    const std::vector<Node>& nodes = state_->expression.tree().nodes;
    mask = mask.first(view.rows());
    std::ranges::fill(mask, static_cast<std::uint8_t>(nodes.empty() ? 1 : 0));
    if (!nodes.empty()) {
        BoundBatch batch(view, state_->pool, state_->community_ids);
        state_->evaluate(batch, nodes.back(), mask);
    }
    return std::accumulate(mask.begin(), mask.end(), std::uint32_t{0});
}

}  // namespace packetsentry::query
