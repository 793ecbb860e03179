#include "ctl/render/json_path.h"

#include <algorithm>

#include "ctl/render/escape.h"

namespace packetsentry::ctl::render {

JsonPath JsonPath::of(std::string_view dotted) {
    JsonPath path;
    TextBuffer quoted;
    for (std::size_t begin = 0; begin <= dotted.size();) {
        const std::size_t end = std::min(dotted.find('.', begin), dotted.size());
        quoted.clear();
        append_json_string(quoted, dotted.substr(begin, end - begin));
        path.keys.emplace_back(quoted.view());
        begin = end + 1;
    }
    return path;
}

bool JsonPath::leads_to(const JsonPath& other) const {
    return keys.size() <= other.keys.size() && std::equal(keys.begin(), keys.end(), other.keys.begin());
}

void JsonNesting::begin() {
    open_ = {};
    json_->StartObject();
}

void JsonNesting::value_at(const JsonPath& path) {
    const std::span<const std::string> objects(path.keys.data(), path.keys.size() - 1);
    std::size_t shared = 0;
    while (shared < objects.size() && shared < open_.size() && objects[shared] == open_[shared]) ++shared;
    close_to(shared);
    for (std::size_t i = shared; i < objects.size(); ++i) {
        put_json_quoted(*json_, objects[i]);
        json_->StartObject();
    }
    open_ = objects;
    put_json_quoted(*json_, path.keys.back());
}

void JsonNesting::end() {
    close_to(0);
    json_->EndObject();
}

void JsonNesting::close_to(std::size_t depth) {
    for (std::size_t i = open_.size(); i > depth; --i) json_->EndObject();
    open_ = open_.first(std::min(depth, open_.size()));
}

}  // namespace packetsentry::ctl::render
