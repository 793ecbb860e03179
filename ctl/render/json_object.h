// One object under construction, one line in the end.
#pragma once

#include <rapidjson/stringbuffer.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "ctl/render/json_text.h"
#include "ctl/render/packet_time.h"

namespace packetsentry::ctl::render {

class JsonObject {
  public:
    JsonObject() { json_.StartObject(); }

    void text(const char* key, std::string_view value) {
        json_.Key(key);
        put_json_text(json_, value);
    }
    void text_unless_empty(const char* key, std::string_view value) {
        if (!value.empty()) text(key, value);
    }
    void number(const char* key, std::uint64_t value) {
        json_.Key(key);
        json_.Uint64(value);
    }
    // NaN and infinity, which JSON has not, as 0.
    void decimal(const char* key, double value) {
        json_.Key(key);
        json_.Double(std::isfinite(value) ? value : 0);
    }
    void boolean(const char* key, bool value) {
        json_.Key(key);
        json_.Bool(value);
    }
    void moment(const char* key, std::int64_t time_ns) {
        if (time_ns != 0) text(key, PacketTime(TimeFormat::rfc3339).text(time_ns));
    }
    template <typename Texts>
    void texts(const char* key, const Texts& values) {
        json_.Key(key);
        json_.StartArray();
        for (const std::string& value : values) put_json_text(json_, value);
        json_.EndArray();
    }
    void open(const char* key) {
        json_.Key(key);
        json_.StartObject();
    }
    void close() { json_.EndObject(); }
    // Elements are objects: opened, filled, closed.
    void open_list(const char* key) {
        json_.Key(key);
        json_.StartArray();
    }
    void open_element() { json_.StartObject(); }
    void close_list() { json_.EndArray(); }
    [[nodiscard]] std::string line() {
        close();
        return std::string(out_.GetString(), out_.GetSize()) + '\n';
    }

  private:
    rapidjson::StringBuffer out_;
    JsonWriter json_{out_};
};

}  // namespace packetsentry::ctl::render
