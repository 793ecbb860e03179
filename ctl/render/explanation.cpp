#include "ctl/render/explanation.h"

#include "ctl/render/escape.h"
#include "ctl/render/json_object.h"
#include "ctl/render/table.h"

namespace packetsentry::ctl::render {
namespace {

constexpr std::string_view kAll = "every packet";

std::string text_or_all(const std::string& text) {
    return text.empty() ? std::string(kAll) : printable(text);
}

std::string paths_of(const query::ExplainedField& field) {
    std::string paths;
    for (const std::string_view path : field.paths) paths.append(paths.empty() ? "" : " ").append(path);
    return paths.empty() ? "packetsentry.layers" : paths;
}

}  // namespace

std::string explanation_text(const FilterMeaning& meaning) {
    std::string text = "In the kernel, as packets arrive: " + text_or_all(meaning.kernel) + "\n";
    text += "In the worker, once a packet is dissected: " + text_or_all(meaning.display.text) + "\n";
    if (meaning.display.fields.empty()) return text;
    Table table({"FIELD", "KIND", "ASKS", "MEANING"});
    for (const query::ExplainedField& field : meaning.display.fields)
        table.add({field.name, field.kind, paths_of(field), field.meaning});
    return text + "\n" + table.text(true);
}

std::string explanation_json(const FilterMeaning& meaning) {
    JsonObject object;
    object.text("kernel", meaning.kernel);
    object.text("typed", meaning.typed);
    object.text("worker", meaning.display.text);
    object.open_list("fields");
    for (const query::ExplainedField& field : meaning.display.fields) {
        object.open_element();
        object.text("name", field.name);
        object.text("kind", field.kind);
        object.texts("paths", std::vector<std::string>(field.paths.begin(), field.paths.end()));
        object.text("meaning", field.meaning);
        object.close();
    }
    object.close_list();
    return object.line();
}

}  // namespace packetsentry::ctl::render
