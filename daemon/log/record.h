// A line on its way through spdlog, whose messages are one text: the line, and behind a zero byte each
// field as the journal takes it. Everything is escaped by then, so no zero byte is part of any.
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
