#include "ctl/render/job_check.h"

#include "ctl/render/escape.h"
#include "ctl/render/json_object.h"

namespace packetsentry::ctl::render {

std::string job_check_line(const JobCheck& check) {
    std::string text = check.file + " is right: " + check.meaning;
    if (!check.unchecked.empty()) text += "; the libpcap expression was not checked: " + check.unchecked;
    return escaped(text) + '\n';
}

std::string job_check_json(const JobCheck& check) {
    JsonObject object;
    object.text("file", check.file);
    object.boolean("right", check.mistake.empty());
    object.text_unless_empty("name", check.name);
    object.text_unless_empty("meaning", check.meaning);
    object.text_unless_empty("unchecked", check.unchecked);
    object.text_unless_empty("mistake", check.mistake);
    return object.line();
}

}  // namespace packetsentry::ctl::render
