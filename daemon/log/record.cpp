#include "daemon/log/record.h"

#include "daemon/log/escaped.h"

namespace packetsentry::log {
namespace {

constexpr char kSeparator = '\0';

}  // namespace

std::string pack(const Kind& kind, const Fields& fields, std::string_view text) {
    std::string packed = escaped(text);
    const auto add = [&packed](std::string_view name, std::string_view value) {
        packed += kSeparator;
        packed += name;
        packed += '=';
        packed += value;
    };
    add("MESSAGE_ID", kind.message_id);
    for (const Field& field : fields) add(field.name, escaped(field.value));
    return packed;
}

Record unpack(std::string_view packed) {
    Record record;
    std::size_t end = packed.find(kSeparator);
    record.text = packed.substr(0, end);
    while (end != std::string_view::npos) {
        packed.remove_prefix(end + 1);
        end = packed.find(kSeparator);
        record.fields.push_back(packed.substr(0, end));
    }
    return record;
}

}  // namespace packetsentry::log
