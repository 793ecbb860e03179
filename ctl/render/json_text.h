// Text in RapidJSON's writer, escaped our way: its own would let DEL, C1 and bidirectional controls pass.
#pragma once

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <string_view>

#include "ctl/render/text_buffer.h"

namespace packetsentry::ctl::render {

using JsonWriter = rapidjson::Writer<rapidjson::StringBuffer>;

// As a value. scratch is overwritten.
void put_json_text(JsonWriter& json, std::string_view bytes, TextBuffer& scratch);
void put_json_text(JsonWriter& json, std::string_view bytes);

// A string that append_json_string() has made.
inline void put_json_quoted(JsonWriter& json, std::string_view quoted) {
    json.RawValue(quoted.data(), quoted.size(), rapidjson::kStringType);
}

}  // namespace packetsentry::ctl::render
