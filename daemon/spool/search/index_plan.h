// What a question asks an index: look-ups that are joined by "and" and "or".
//
// A plan is an upper bound of the question. A row that the question finds is always in a block that the
// plan names; most blocks that it names have such a row, but none need have one. What an index does not
// know, and everything that is negated, is "every block".
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "daemon/spool/format/index_keys.h"

namespace packetsentry::spool {

// Asks for one key, for a range of keys, or for names that match a pattern.
struct IndexLookup {
    enum class How : std::uint8_t { range, names_like };

    KeyKind kind = KeyKind::protocol;
    How how = How::range;
    KeyRange range = {};       // the same key twice: that key alone
    std::string pattern = {};  // of How::names_like

    [[nodiscard]] static IndexLookup exact(KeyKind kind, std::string key) {
        return {.kind = kind, .range = {key, key}};
    }
};

class IndexPlan {
  public:
    // Every block.
    IndexPlan() = default;
    IndexPlan(IndexLookup lookup) : what_(What::lookup), lookup_(std::move(lookup)) {}

    // parts: at least one. "Every block" is what "and" leaves aside, and what decides "or".
    [[nodiscard]] static IndexPlan all_of(std::vector<IndexPlan> parts);
    [[nodiscard]] static IndexPlan any_of(std::vector<IndexPlan> parts);

    [[nodiscard]] bool every_block() const { return what_ == What::every; }
    // Tells whether a look-up asks for keys of this kind.
    [[nodiscard]] bool asks(KeyKind kind) const;

    // Joins the answers of ask(lookup) by & and |. Answer: BlockMask, or bool. every: the answer "every
    // block". A plan is no deeper than the expression from which it was made.
    template <typename Answer, typename Ask>
    [[nodiscard]] Answer answer(Answer every, const Ask& ask) const {
        if (what_ == What::every) return every;
        if (what_ == What::lookup) return ask(lookup_);
        Answer joined = parts_.front().answer(every, ask);
        for (std::size_t i = 1; i < parts_.size(); ++i) {
            const Answer more = parts_[i].answer(every, ask);
            joined = static_cast<Answer>(what_ == What::all ? joined & more : joined | more);
        }
        return joined;
    }

  private:
    enum class What : std::uint8_t { every, lookup, all, any };

    What what_ = What::every;
    IndexLookup lookup_;
    std::vector<IndexPlan> parts_;
};

}  // namespace packetsentry::spool
