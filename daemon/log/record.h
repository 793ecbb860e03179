// Passes a log line and its journal fields through spdlog, whose messages are a single text: the line, and
// after it each field, preceded by a zero byte. Everything has been escaped before, so no other zero byte is
// in the text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/log/event.h"
#include "daemon/log/journal_fields.h"

namespace packetsentry::log {

[[nodiscard]] std::string pack(const Kind& kind, const Fields& fields, std::string_view text);

struct Record {
    std::string_view text;
    std::vector<std::string_view> fields;  // "NAME=value", the message's identity among them
};
// Views into packed.
[[nodiscard]] Record unpack(std::string_view packed);

}  // namespace packetsentry::log
