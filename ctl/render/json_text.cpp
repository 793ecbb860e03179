#include "ctl/render/json_text.h"

#include "ctl/render/escape.h"

namespace packetsentry::ctl::render {

void put_json_text(JsonWriter& json, std::string_view bytes, TextBuffer& scratch) {
    scratch.clear();
    append_json_string(scratch, bytes);
    put_json_quoted(json, scratch.view());
}

void put_json_text(JsonWriter& json, std::string_view bytes) {
    TextBuffer scratch;
    put_json_text(json, bytes, scratch);
}

}  // namespace packetsentry::ctl::render
