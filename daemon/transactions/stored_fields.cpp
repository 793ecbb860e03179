#include "daemon/transactions/stored_fields.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace packetsentry::transactions::stored {
namespace {

using dissect::Field;
using dissect::FieldInfo;
using dissect::FieldKind;

// Goes before each value, which is a text, or the bytes of a number.
struct Head {
    std::uint16_t field = 0;
    std::uint16_t size = 0;
};

std::string_view value_of(const Field& field) {
    if (field.info->kind == FieldKind::text) return field.text;
    return {reinterpret_cast<const char*>(&field.number), sizeof field.number};
}

}  // namespace

Outcome write(std::span<char> bytes, std::span<const Field> fields,
              std::span<const FieldInfo* const> wanted) {
    std::size_t size = 0, count = 0;
    bool all = true;
    for (const FieldInfo* const info : wanted) {
        for (const Field& field : fields) {
            if (field.info != info) continue;
            const std::string_view value = value_of(field);
            if (info->kind == FieldKind::address || count == kMost ||
                size + sizeof(Head) + value.size() > bytes.size()) {
                all = false;
                break;
            }
            const Head head{.field = info->number, .size = static_cast<std::uint16_t>(value.size())};
            std::memcpy(bytes.data() + size, &head, sizeof head);
            if (!value.empty()) std::memcpy(bytes.data() + size + sizeof head, value.data(), value.size());
            size += sizeof head + value.size();
            ++count;
            if (!info->list()) break;
        }
    }
    return {.bytes = static_cast<std::uint16_t>(size), .all = all};
}

bool is_valid(std::span<const char> bytes, std::span<const FieldInfo* const> wanted) {
    std::array<const FieldInfo*, kMost> seen;
    std::size_t count = 0;
    for (std::size_t at = 0; at < bytes.size(); ++count) {
        Head head;
        if (bytes.size() - at < sizeof head || count == kMost) return false;
        std::memcpy(&head, bytes.data() + at, sizeof head);
        at += sizeof head;
        const FieldInfo* const info = rows::find_field(std::uint32_t{head.field});
        if (std::ranges::find(wanted, info) == wanted.end() || info->kind == FieldKind::address) return false;
        if (info->kind != FieldKind::text && head.size != sizeof Field::number) return false;
        const auto before = std::span(seen).first(count);
        if (!info->list() && std::ranges::find(before, info) != before.end()) return false;
        if (bytes.size() - at < head.size) return false;
        seen[count] = info;
        at += head.size;
    }
    return true;
}

std::span<Field> read(std::span<const char> bytes, Room& room) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < bytes.size(); ++count) {
        Head head;
        std::memcpy(&head, bytes.data() + at, sizeof head);
        const std::string_view value(bytes.data() + at + sizeof head, head.size);
        Field& field = room[count];
        field = {.info = rows::find_field(std::uint32_t{head.field}), .number = 0, .text = {}, .address = {}};
        if (field.info->kind == FieldKind::text)
            field.text = value;
        else
            std::memcpy(&field.number, value.data(), sizeof field.number);
        at += sizeof head + value.size();
    }
    return std::span(room).first(count);
}

std::span<Field> read(std::span<const char> bytes, Room& room, std::span<const FieldInfo* const> wanted) {
    const std::size_t all = read(bytes, room).size();
    const auto rest = std::ranges::remove_if(std::span(room).first(all), [&](const Field& field) {
        return std::ranges::find(wanted, field.info) == wanted.end();
    });
    return std::span(room).first(all - rest.size());
}

}  // namespace packetsentry::transactions::stored
