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

constexpr std::size_t kNumbers = 512;  // above each number

consteval bool has_room_for_each_number() {
    for (const FieldInfo& one : kFields)
        if (one.number >= kNumbers) return false;
    return true;
}

// By the number of a field: its place in kFields, from 1; 0: there is none.
constexpr auto kPlaces = [] {
    std::array<std::uint16_t, kNumbers> places{};
    for (std::size_t i = 0; i < std::size(kFields); ++i)
        places[kFields[i].number] = static_cast<std::uint16_t>(i + 1);
    return places;
}();

static_assert(is_sorted_by_path(), "two rows have one path, or a row does not stand in the order of paths");
static_assert(has_each_number_once(), "a field has no number, or that of another one");
static_assert(has_room_for_each_number(), "a number is higher than kNumbers permits");

}  // namespace

const FieldInfo* find_field(std::uint32_t number) {
    if (number >= kPlaces.size() || kPlaces[number] == 0) return nullptr;
    return &kFields[kPlaces[number] - 1U];
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
