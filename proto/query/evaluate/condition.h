// A comparison that is ready for every batch.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "proto/query/evaluate/address_key.h"
#include "proto/query/evaluate/range_set.h"
#include "proto/query/evaluate/text_matcher.h"
#include "proto/query/expression.h"
#include "proto/query/value_check.h"

namespace packetsentry::query {

// A row fits where one of its values fits; or, with exceptions(), where it has values and none of them is an
// exception. All comparisons of the language are one of the two (expression.h).
class Condition {
  public:
    // test must outlive the condition unchanged. Error: as TextMatcher::compile().
    [[nodiscard]] static Result<Condition> compile(const Test& test);

    [[nodiscard]] const Test& test() const { return *test_; }
    [[nodiscard]] const Reference& field() const { return test_->field; }
    // The row has the field, and nothing else is asked.
    [[nodiscard]] bool presence() const { return presence_; }
    // What fits is an exception.
    [[nodiscard]] bool exceptions() const { return exceptions_; }
    // The values are numbers; else texts where the columns are.
    [[nodiscard]] bool numeric() const {
        return comparable_ == Comparable::number || comparable_ == Comparable::time;
    }

    // value: as in the column, before the masks.
    [[nodiscard]] bool fits(std::uint64_t value) const {
        value = (value & mask_) >> shift_;
        return numbers_.contains(value & typed_mask_) != inverted_;
    }
    // A text that is no number, though the field is asked by numbers: it differs from each of them.
    [[nodiscard]] bool fits_no_number() const { return inverted_; }
    [[nodiscard]] bool fits(const AddressKey& address) const {
        return addresses_.contains(address) != inverted_;
    }
    [[nodiscard]] bool fits(std::string_view text) const { return text_.matches(text) != text_inverted_; }

  private:
    explicit Condition(const Test& test);
    void add_numbers();
    void add_addresses();

    const Test* test_;
    Comparable comparable_;
    bool presence_ = false;
    bool exceptions_ = false;
    bool inverted_ = false;       // of numbers and addresses: what is outside fits
    bool text_inverted_ = false;  // beside what the matcher inverts
    std::uint64_t mask_;
    unsigned shift_;
    std::uint64_t typed_mask_;
    RangeSet<std::uint64_t> numbers_;
    RangeSet<AddressKey> addresses_;
    TextMatcher text_;
};

// A time as an unsigned number that keeps the order.
[[nodiscard]] inline std::uint64_t time_key(std::int64_t nanoseconds) {
    return static_cast<std::uint64_t>(nanoseconds) ^ std::uint64_t{1} << 63;
}

}  // namespace packetsentry::query
