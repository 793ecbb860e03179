#include "ctl/render/interface_text.h"

#include "ctl/render/json_object.h"
#include "ctl/render/table.h"

namespace packetsentry::ctl::render {

std::string interface_state(const wire::InterfaceInfo& interface) {
    if (!interface.up()) return "down";
    return interface.running() ? "up" : "no carrier";
}

std::string interfaces_table(const wire::Interfaces& interfaces, bool with_head) {
    Table table({"NAME", "STATE", "LINK", "ADDRESSES"});
    for (const wire::InterfaceInfo& interface : interfaces.interface())
        table.add(
            {interface.name(), interface_state(interface), interface.link(), joined(interface.address())});
    return table.text(with_head);
}

std::string interface_json(const wire::InterfaceInfo& interface) {
    JsonObject object;
    object.text("name", interface.name());
    object.number("index", interface.index());
    object.boolean("up", interface.up());
    object.boolean("running", interface.running());
    object.boolean("loopback", interface.loopback());
    object.texts("addresses", interface.address());
    object.text("link", interface.link());
    object.text_unless_empty("description", interface.description());
    return object.line();
}

}  // namespace packetsentry::ctl::render
