#include "proto/query/evaluate/condition.h"

#include <limits>

namespace packetsentry::query {
namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

// From first to last, as op compares with them; none: nothing can fit.
template <typename T>
std::optional<typename RangeSet<T>::Range> range_of(Operator op, const T& first, const T& last,
                                                    const T& least, const T& most, T (*before)(T),
                                                    T (*after)(T)) {
    switch (op) {
        case Operator::lt:
            if (first == least) return std::nullopt;
            return {{least, before(first)}};
        case Operator::le:
            return {{least, last}};
        case Operator::gt:
            if (last == most) return std::nullopt;
            return {{after(last), most}};
        case Operator::ge:
            return {{first, most}};
        default:
            return {{first, last}};
    }
}

std::uint64_t number_of(const Value& value) {
    if (const auto* const number = std::get_if<std::uint64_t>(&value)) return *number;
    return time_key(std::get<Nanoseconds>(value).since_1970);
}

AddressKey key_before(AddressKey key) {
    if (key.low-- == 0) --key.high;
    return key;
}

AddressKey key_after(AddressKey key) {
    if (++key.low == 0) ++key.high;
    return key;
}

// The last address of a prefix.
base::Address last_of(const Prefix& prefix) {
    base::Address address = prefix.address;
    for (int i = 0; i < address.size; ++i) {
        const int kept = std::clamp(prefix.bits - i * 8, 0, 8);
        address.bytes[static_cast<std::size_t>(i)] |= static_cast<std::byte>(0xFF >> kept);
    }
    return address;
}

// A flag of ours is there where it is set. One of Wireshark's, such as "ip.flags.df", is there with each
// header.
bool asks_whether_set(const Reference& field) {
    if (field.kind != rows::FieldKind::flag || field.reading != Reference::Reading::plain) return false;
    return rows::find_field(field.name) != nullptr || field.name.starts_with("_ws.");
}

}  // namespace

Condition::Condition(const Test& test)
    : test_(&test),
      comparable_(comparable_of(test.field, test.op, test.typed_mask != 0)),
      mask_(test.field.mask),
      shift_(test.field.shift),
      typed_mask_(test.typed_mask == 0 ? kMost : test.typed_mask) {}

Result<Condition> Condition::compile(const Test& test) {
    Condition condition(test);
    if (test.op == Operator::present) {
        condition.presence_ =
            !test.field.layer.empty() || (test.typed_mask == 0 && !asks_whether_set(test.field));
        condition.numbers_ = RangeSet<std::uint64_t>({{1, kMost}});  // a bit, or a flag, that is set
        return condition;
    }
    condition.exceptions_ = test.quantifier == Quantifier::all;
    const bool has_texts = std::holds_alternative<std::string>(test.values.front().first);
    if (has_texts) {
        auto text = TextMatcher::compile(test);
        if (!text) return std::unexpected(text.error());
        condition.comparable_ = Comparable::text;
        condition.text_ = std::move(*text);
        condition.text_inverted_ = condition.exceptions_;
        return condition;
    }
    condition.inverted_ = (test.op == Operator::ne) != condition.exceptions_;
    if (condition.comparable_ == Comparable::address)
        condition.add_addresses();
    else
        condition.add_numbers();
    return condition;
}

void Condition::add_numbers() {
    std::vector<RangeSet<std::uint64_t>::Range> ranges;
    for (const ValueRange& value : test_->values) {
        const auto range = range_of<std::uint64_t>(
            test_->op, number_of(value.first), number_of(value.last), 0, kMost,
            [](std::uint64_t number) { return number - 1; }, [](std::uint64_t number) { return number + 1; });
        if (range) ranges.push_back(*range);
    }
    numbers_ = RangeSet<std::uint64_t>(std::move(ranges));
}

void Condition::add_addresses() {
    std::vector<RangeSet<AddressKey>::Range> ranges;
    for (const ValueRange& value : test_->values) {
        const Prefix& first = std::get<Prefix>(value.first);
        Prefix all{first.address, 0};
        all.address.bytes = {};
        const auto range = range_of<AddressKey>(
            test_->op, AddressKey::of(first.address), AddressKey::of(last_of(std::get<Prefix>(value.last))),
            AddressKey::of(all.address), AddressKey::of(last_of(all)), key_before, key_after);
        if (range) ranges.push_back(*range);
    }
    addresses_ = RangeSet<AddressKey>(std::move(ranges));
}

}  // namespace packetsentry::query
