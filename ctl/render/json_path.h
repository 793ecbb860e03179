// Dotted names as nested objects: "dns.question.name" → {"dns":{"question":{"name": …}}}.
#pragma once

#include <compare>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/render/json_text.h"

namespace packetsentry::ctl::render {

// The keys from the outside in, each a JSON string with its quotes. Sorted paths keep what belongs in
// one object together.
struct JsonPath {
    std::vector<std::string> keys;

    [[nodiscard]] static JsonPath of(std::string_view dotted);
    // This path names an object or a value on the way to the other, or the same.
    [[nodiscard]] bool leads_to(const JsonPath& other) const;
    auto operator<=>(const JsonPath&) const = default;
};

// Opens and closes the objects between one value's path and the next one's. The paths must be sorted
// and outlive the row.
class JsonNesting {
  public:
    explicit JsonNesting(JsonWriter& json) : json_(&json) {}

    void begin();                         // a row's outermost object
    void value_at(const JsonPath& path);  // the value itself is written next
    void end();

  private:
    void close_to(std::size_t depth);

    JsonWriter* json_;
    std::span<const std::string> open_;  // the objects now open, inside the outermost
};

}  // namespace packetsentry::ctl::render
