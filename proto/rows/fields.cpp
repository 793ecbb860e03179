#include "proto/rows/fields.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>

namespace packetsentry::rows {
namespace {

consteval bool is_sorted_by_path() {
    return std::ranges::adjacent_find(kFields, std::ranges::greater_equal{}, &FieldInfo::path) ==
           std::end(kFields);
}

consteval bool has_each_number_once() {
    for (const FieldInfo& one : kFields)
        if (one.number == 0 || std::ranges::count(kFields, one.number, &FieldInfo::number) != 1) return false;
    return true;
}

constexpr std::size_t kNumbers = 1U + std::ranges::max(kFields, {}, &FieldInfo::number).number;

constexpr auto kByNumber = [] {
    std::array<const FieldInfo*, kNumbers> by_number{};
    for (const FieldInfo& info : kFields) by_number[info.number] = &info;
    return by_number;
}();

static_assert(is_sorted_by_path(), "two rows have one path, or a row does not stand in the order of paths");
static_assert(has_each_number_once(), "a field has no number, or that of another one");

}  // namespace

const FieldInfo* find_field(std::uint32_t number) {
    return number < kByNumber.size() ? kByNumber[number] : nullptr;
}

std::string_view kind_name(FieldKind kind) {
    switch (kind) {
        case FieldKind::number:
            return "number";
        case FieldKind::text:
            return "text";
        case FieldKind::address:
            return "address";
        case FieldKind::time:
            return "time";
        case FieldKind::flag:
            return "flag";
    }
    return "unknown";
}

}  // namespace packetsentry::rows
