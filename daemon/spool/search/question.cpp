#include "daemon/spool/search/question.h"

#include <cstring>
#include <span>
#include <string>
#include <utility>

#include "daemon/spool/search/question_plan.h"
#include "proto/words/filter.h"

namespace packetsentry::spool {
namespace {

std::unexpected<base::Error> refuse(std::string message) {
    return base::fail(base::ErrorCode::filter, std::move(message));
}

base::Result<query::Expression> parse_display(const std::string& text) {
    auto expression = query::parse(text, query::kExplainedLimit);
    if (!expression) return refuse("the display filter is refused: " + expression.error().message);
    return *std::move(expression);
}

// Eight rows are passed over at once where none is marked.
template <typename Take>
void for_each_marked(std::span<const std::uint8_t> mask, Take take) {
    for (std::size_t row = 0; row < mask.size(); ++row) {
        std::uint64_t eight = 0;
        while (mask.size() - row > sizeof eight) {
            std::memcpy(&eight, mask.data() + row, sizeof eight);
            if (eight != 0) break;
            row += sizeof eight;
        }
        if (mask[row] != 0) take(row);
    }
}

void keep_both(std::vector<std::uint8_t>& mask, const std::vector<std::uint8_t>& other) {
    for (std::size_t row = 0; row < mask.size(); ++row) mask[row] &= other[row];
}

}  // namespace

base::Result<Question> Question::make(const wire::Filter& filter, std::string_view name_pattern,
                                      const TimeRange& times) {
    if (!filter.bpf().empty())
        return refuse(
            "rows cannot be asked with a BPF expression, which needs the packets; use -Y or the other "
            "filters");
    if (name_pattern.size() > kNamePatternLimit)
        return refuse("the pattern for names has " + std::to_string(name_pattern.size()) +
                      " bytes, and at most " + std::to_string(kNamePatternLimit) + " are allowed");
    auto options = proto::packet_filter(filter);
    if (!options) return std::unexpected(options.error());
    const auto expression = parse_display(filter.display());
    if (!expression) return std::unexpected(expression.error());
    auto display = query::Filter::compile(*expression);
    if (!display) return refuse("the display filter is refused: " + display.error().message);
    std::vector<IndexPlan> plans = {plan_of_options(*options), plan_of_display(*expression)};
    Question question(RowOptions(*std::move(options)), *std::move(display), times);
    question.has_display_ = !filter.display().empty();
    if (!name_pattern.empty()) {
        question.names_.emplace(name_pattern);
        plans.push_back(plan_of_name(name_pattern));
    }
    question.plan_ = IndexPlan::all_of(std::move(plans));
    return question;
}

bool Question::has_rows() const {
    return std::memchr(mask_.data(), 1, mask_.size()) != nullptr;
}

void Question::keep_display(const proto::BatchView& view) {
    other_mask_.resize(view.rows());
    (void)display_.evaluate(view, other_mask_);
    keep_both(mask_, other_mask_);
}

void Question::keep_names(const proto::BatchView& view) {
    other_mask_.assign(view.rows(), 0);
    names_->mark(view, other_mask_);
    keep_both(mask_, other_mask_);
}

void Question::look_around(const Surroundings& around) {
    around_ = &around;
    plan_ = IndexPlan();
}

SoughtTimes Question::sought_of(std::uint64_t job) const {
    if (around_ == nullptr) return times_;
    return {TimeRange{}, around_->of(job)};
}

// The times of adjacent rows are mostly in the same piece, or outside of the same ones.
void Question::add_near(const proto::BatchView& view, const TimeSet& pieces) {
    matching_.clear();
    std::optional<TimeSet::Piece> piece;
    for (std::uint32_t row = 0; row < view.rows(); ++row) {
        const std::int64_t time_ns = view.time_ns(row);
        if (!piece || time_ns < piece->first_ns || time_ns > piece->last_ns) piece = pieces.find(time_ns);
        if (!piece) continue;
        rows_.push_back(row);
        matching_.push_back(mask_[row] != 0 && times_.has(time_ns) ? 1 : 0);
    }
}

// What costs least is asked first, and what remains only where a row is left.
const std::vector<std::uint32_t>& Question::find(const proto::BatchView& view, std::uint64_t job) {
    rows_.clear();
    mask_.assign(view.rows(), 1);
    options_.keep(view, mask_);
    if (has_display_ && has_rows()) keep_display(view);
    if (names_ && has_rows()) keep_names(view);
    if (around_ != nullptr) {
        add_near(view, around_->of(job));
        return rows_;
    }
    // Times are read only where they are asked for: they are the sum of all before them.
    const bool any_time = times_.is_everything() || !has_rows();
    for_each_marked(mask_, [&](std::size_t row) {
        if (any_time || times_.has(view.time_ns(static_cast<std::uint32_t>(row))))
            rows_.push_back(static_cast<std::uint32_t>(row));
    });
    return rows_;
}

}  // namespace packetsentry::spool
