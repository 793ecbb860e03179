// Text in RapidJSON's writer, escaped our way: its own would let DEL, C1 and bidirectional controls pass.
#pragma once

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstring>
#include <string_view>

#include "ctl/render/text_buffer.h"

namespace packetsentry::ctl::render {

class JsonWriter : public rapidjson::Writer<rapidjson::StringBuffer> {
  public:
    using rapidjson::Writer<rapidjson::StringBuffer>::Writer;

    // A string that is escaped and has its quotes. RawValue() would copy it byte by byte, which takes longer
    // than all else that is done for a key.
    void QuotedString(std::string_view quoted) {
        Prefix(rapidjson::kStringType);
        std::memcpy(os_->Push(quoted.size()), quoted.data(), quoted.size());
        EndValue(true);
    }
};

// As a value. scratch is overwritten.
void put_json_text(JsonWriter& json, std::string_view bytes, TextBuffer& scratch);
void put_json_text(JsonWriter& json, std::string_view bytes);

// A string that append_json_string() has made.
inline void put_json_quoted(JsonWriter& json, std::string_view quoted) {
    json.QuotedString(quoted);
}

}  // namespace packetsentry::ctl::render
