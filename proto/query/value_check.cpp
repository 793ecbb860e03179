#include "proto/query/value_check.h"

#include <algorithm>

#include "proto/query/literals.h"
#include "proto/query/reference.h"
#include "proto/query/shown.h"

namespace packetsentry::query {
namespace {

using rows::FieldKind;

std::string_view text_of(const Token& token) {
    return token.kind == TokenKind::string ? std::string_view(token.value) : token.text;
}

bool is_all_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

std::string_view size_name(std::uint8_t size) {
    if (size == 4) return "an IPv4 address";
    return size == 6 ? "a MAC address" : "an IPv6 address";
}

// "300.0.0.0/8" and "10.0.0.0/33": none of the first, but the second has the address of a prefix.
std::string prefix_phrase(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto address = slash == text.npos ? std::nullopt : parse_address(text.substr(0, slash));
    if (!address || !is_all_digits(text.substr(slash + 1))) return {};
    return shown(text) + " is not one: a prefix of " + std::string(size_name(address->address.size)) +
           " has at most " + std::to_string(address->address.size * 8) + " bits";
}

// What a value is by itself, for a message.
std::string type_phrase(const Token& token) {
    const std::string_view text = text_of(token);
    const auto address = parse_address(text);
    if (address) return shown(text) + " is " + std::string(size_name(address->address.size));
    if (parse_number(text)) return shown(text) + " is a number";
    if (parse_boolean(text)) return shown(text) + " is a truth value";
    if (is_all_digits(text)) return shown(text) + " is larger than any number can be";
    if (std::string prefix = prefix_phrase(text); !prefix.empty()) return prefix;
    return shown(text) + " is a text";
}

bool is_truth(const Reference& field) {
    return field.kind == FieldKind::flag || field.reading != Reference::Reading::plain || field.masked();
}

class ValueChecker {
  public:
    ValueChecker(const Reference& field, Comparable comparable, Operator op)
        : field_(field), comparable_(comparable), op_(op) {}

    Result<Value> check(const Token& token) const {
        if (token.odd_escape && op_ != Operator::matches)
            return refuse("this is not an escape of a string; write \\\\ for one backslash",
                          *token.odd_escape);
        if (token.kind == TokenKind::word && token.text.contains('.') && is_name(token.text))
            return refuse(shown(token.text) +
                              " is a field, and two fields cannot be compared; write a value, in "
                              "double quotes if it is a text",
                          token.place);
        switch (comparable_) {
            case Comparable::number:
                return number(token);
            case Comparable::text:
                return Value(std::string(text_of(token)));
            case Comparable::address:
                return address(token);
            case Comparable::time:
                return time(token);
        }
        return wrong(token);
    }

  private:
    [[nodiscard]] std::unexpected<Problem> wrong(const Token& token, const std::string& more = {}) const {
        return refuse(field_.typed + " is " + std::string(phrase_of(comparable_)) + ", and " +
                          type_phrase(token) + more,
                      token.place);
    }

    // A name comes first: version 2 of QUIC is called "2", and has another number.
    Result<Value> number(const Token& token) const {
        const std::string_view text = text_of(token);
        for (const Source& source : field_.sources)
            if (source.numbers != nullptr)
                if (const auto value = source.numbers->number_of(text)) return Value(std::uint64_t{*value});
        if (const auto value = parse_number(text)) return Value(*value);
        if (is_truth(field_))
            if (const auto value = parse_boolean(text)) return Value(*value);
        if (field_.named() && !field_.masked()) return name(token);
        return wrong(token);
    }

    // A text that is no name of a number is right where the field has others too.
    Result<Value> name(const Token& token) const {
        const bool equality = op_ == Operator::eq || op_ == Operator::ne || op_ == Operator::in;
        const rows::NamedNumbers& numbers = *field_.sources.front().numbers;
        if (equality && !numbers.complete && !numbers.only) return Value(std::string(text_of(token)));
        std::vector<std::string_view> names;
        for (const rows::ValueName& row : numbers.names) names.push_back(row.name);
        const auto near = nearest_names(text_of(token), names);
        const std::string more = near.empty() ? "" : "; near it is " + shown(near.front());
        return refuse(shown(text_of(token)) + " is no value of " + field_.typed + more, token.place);
    }

    Result<Value> address(const Token& token) const {
        const auto prefix = parse_address(text_of(token));
        if (!prefix) {
            const bool could_be_name = text_of(token).find_first_of(":/") == std::string_view::npos &&
                                       !is_all_digits(text_of(token));
            return wrong(token, could_be_name ? "; names are not looked up" : "");
        }
        if (std::ranges::any_of(field_.sources,
                                [&](const Source& s) { return fits(s, prefix->address.size); }))
            return Value(*prefix);
        std::string_view hint;
        if (field_.typed.starts_with("ip.") && prefix->address.size == 16)
            hint = "; IPv6 has fields of its own, ipv6.*";
        if (field_.typed.starts_with("ipv6.") && prefix->address.size == 4)
            hint = "; IPv4 has fields of its own, ip.*";
        const std::uint8_t wanted = field_.sources.front().address_size;
        const std::string kind = wanted == 0 ? "an IP address" : std::string(size_name(wanted));
        return refuse(field_.typed + " is " + kind + ", and " + type_phrase(token) + std::string(hint),
                      token.place);
    }

    [[nodiscard]] static bool fits(const Source& source, std::uint8_t size) {
        return source.address_size == 0 ? size != 6 : source.address_size == size;
    }

    Result<Value> time(const Token& token) const {
        if (const auto value = parse_time(text_of(token))) return Value(Nanoseconds{*value});
        return wrong(token, R"(; a time is written "2026-11-29 03:00:00" or "2026-11-29T03:00:00Z")");
    }

    const Reference& field_;
    Comparable comparable_;
    Operator op_;
};

bool is_less(const Value& a, const Value& b) {
    if (const auto* const number = std::get_if<std::uint64_t>(&a))
        return *number < std::get<std::uint64_t>(b);
    if (const auto* const time = std::get_if<Nanoseconds>(&a))
        return time->since_1970 < std::get<Nanoseconds>(b).since_1970;
    if (const auto* const text = std::get_if<std::string>(&a)) return *text < std::get<std::string>(b);
    return std::get<Prefix>(a).address.bytes < std::get<Prefix>(b).address.bytes;
}

std::optional<std::string> problem_of(const ValueRange& range) {
    if (range.first.index() != range.last.index()) return "the two ends of a range are of different types";
    if (const auto* const first = std::get_if<Prefix>(&range.first)) {
        const Prefix& last = std::get<Prefix>(range.last);
        if (first->address.size != last.address.size) return "the two ends of a range are of different types";
        if (first->bits != first->address.size * 8 || last.bits != last.address.size * 8)
            return "a prefix is a range by itself; write addresses at the ends of a range";
    }
    if (is_less(range.last, range.first)) return "this range is empty, because it ends before it begins";
    return {};
}

Result<ValueRange> check_range(const ValueChecker& checker, const WrittenValue& written) {
    auto first = checker.check(written.first);
    if (!first) return std::unexpected(first.error());
    if (!written.is_range()) return ValueRange{*first, *first};
    auto last = checker.check(written.last);
    if (!last) return std::unexpected(last.error());
    ValueRange range{std::move(*first), std::move(*last)};
    if (const auto problem = problem_of(range)) {
        const Place& begin = written.first.place;
        return refuse(*problem,
                      {begin.offset, written.last.place.offset + written.last.place.length - begin.offset});
    }
    return range;
}

std::string name_or_digits(const rows::NamedNumbers& numbers, std::uint64_t number) {
    std::string name;
    if (number <= std::numeric_limits<std::uint32_t>::max())
        name = numbers.name_of(static_cast<std::uint32_t>(number));
    return name.empty() ? std::to_string(number) : name;
}

// Where one text is no name, all are compared as texts.
void use_texts(const Reference& field, std::vector<ValueRange>& ranges) {
    const auto is_text = [](const ValueRange& range) {
        return std::holds_alternative<std::string>(range.first);
    };
    if (!std::ranges::any_of(ranges, is_text)) return;
    const rows::NamedNumbers& numbers = *field.sources.front().numbers;
    for (ValueRange& range : ranges)
        for (Value* value : {&range.first, &range.last})
            if (const auto* const number = std::get_if<std::uint64_t>(value))
                *value = name_or_digits(numbers, *number);
}

}  // namespace

Comparable comparable_of(const Reference& field, Operator op, bool typed_mask) {
    if (op == Operator::contains || op == Operator::matches)
        if (field.kind == FieldKind::text && field.reading == Reference::Reading::plain && !field.masked() &&
            !typed_mask)
            return Comparable::text;
    if (field.reading != Reference::Reading::plain) return Comparable::number;
    switch (field.kind) {
        case FieldKind::address:
            return Comparable::address;
        case FieldKind::time:
            return Comparable::time;
        case FieldKind::text:
            return field.named() || field.masked() ? Comparable::number : Comparable::text;
        default:
            return Comparable::number;
    }
}

std::string_view phrase_of(Comparable comparable) {
    switch (comparable) {
        case Comparable::number:
            return "a number";
        case Comparable::text:
            return "a text";
        case Comparable::address:
            return "an address";
        case Comparable::time:
            return "a time";
    }
    return "unknown";
}

Result<std::vector<ValueRange>> check_values(const Reference& field, Comparable comparable, Operator op,
                                             const std::vector<WrittenValue>& written) {
    const ValueChecker checker(field, comparable, op);
    std::vector<ValueRange> ranges;
    for (const WrittenValue& one : written) {
        auto range = check_range(checker, one);
        if (!range) return std::unexpected(range.error());
        ranges.push_back(std::move(*range));
    }
    if (comparable == Comparable::number && field.named()) use_texts(field, ranges);
    return ranges;
}

}  // namespace packetsentry::query
