#include "daemon/transactions/stored_fields.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace packetsentry::transactions {
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

bool StoredFields::store(std::span<const Field> fields, std::span<const FieldInfo* const> wanted) {
    std::size_t size = 0, count = 0;
    bool all = true;
    for (const Field& field : fields) {
        if (std::ranges::find(wanted, field.info) == wanted.end()) continue;
        const std::string_view value = value_of(field);
        all = field.info->kind != FieldKind::address && count < kMost &&
              size + sizeof(Head) + value.size() <= kBytes;
        if (!all) break;
        const Head head{.field = field.info->number, .size = static_cast<std::uint16_t>(value.size())};
        std::memcpy(bytes_.data() + size, &head, sizeof head);
        if (!value.empty()) std::memcpy(bytes_.data() + size + sizeof head, value.data(), value.size());
        size += sizeof head + value.size();
        ++count;
    }
    size_ = static_cast<std::uint16_t>(size);
    return all;
}

bool StoredFields::valid(std::span<const FieldInfo* const> wanted) const {
    std::array<const FieldInfo*, kMost> seen;
    std::size_t count = 0;
    for (std::size_t at = 0; at < size_; ++count) {
        Head head;
        if (size_ - at < sizeof head || count == kMost) return false;
        std::memcpy(&head, bytes_.data() + at, sizeof head);
        at += sizeof head;
        const FieldInfo* const info = rows::find_field(std::uint32_t{head.field});
        if (std::ranges::find(wanted, info) == wanted.end() || info->kind == FieldKind::address) return false;
        if (info->kind != FieldKind::text && head.size != sizeof Field::number) return false;
        const auto before = std::span(seen).first(count);
        if (!info->list() && std::ranges::find(before, info) != before.end()) return false;
        if (size_ - at < head.size) return false;
        seen[count] = info;
        at += head.size;
    }
    return true;
}

std::span<const Field> StoredFields::fields(Room& room) const {
    std::size_t count = 0;
    for (std::size_t at = 0; at < size_; ++count) {
        Head head;
        std::memcpy(&head, bytes_.data() + at, sizeof head);
        const std::string_view value(bytes_.data() + at + sizeof head, head.size);
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

std::span<const Field> StoredFields::fields(Room& room, std::span<const FieldInfo* const> wanted) const {
    const std::size_t all = fields(room).size();
    const auto rest = std::ranges::remove_if(std::span(room).first(all), [&](const Field& field) {
        return std::ranges::find(wanted, field.info) == wanted.end();
    });
    return std::span(room).first(all - rest.size());
}

}  // namespace packetsentry::transactions
