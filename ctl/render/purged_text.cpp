#include "ctl/render/purged_text.h"

#include "ctl/render/amount.h"
#include "ctl/render/json_object.h"
#include "ctl/render/packet_time.h"

namespace packetsentry::ctl::render {
namespace {

std::string counted(std::uint64_t number, const char* noun) {
    return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

}  // namespace

std::string purged_text(const wire::Purged& purged, bool done) {
    std::string text = purged.segments() == 0
                           ? std::string("nothing ")
                           : counted(purged.segments(), "segment") + " with " +
                                 counted(purged.rows(), "row") + " (" + bytes_text(purged.bytes()) + ") ";
    const bool one = purged.segments() <= 1;
    text += done ? (one ? "was removed\n" : "were removed\n") : "would be removed\n";
    if (purged.staying() == 0) return text;
    text +=
        counted(purged.staying(), "segment") + " from " + fixed_time(purged.staying_from_ns()) + " to " +
        fixed_time(purged.staying_to_ns()) + (purged.staying() == 1 ? " has" : " have") +
        " packets on both sides of that time, and " + (purged.staying() == 1 ? "stays" : "stay") +
        (purged.staying_open() ? "; what is being written now always stays\n" : "; --whole removes it too\n");
    return text;
}

std::string purged_json(const wire::Purged& purged, bool done) {
    JsonObject object;
    object.boolean("removed", done);
    object.number("jobs", purged.jobs());
    object.number("segments", purged.segments());
    object.number("bytes", purged.bytes());
    object.number("rows", purged.rows());
    object.number("staying_segments", purged.staying());
    object.moment("staying_from", purged.staying_from_ns());
    object.moment("staying_to", purged.staying_to_ns());
    object.boolean("staying_open", purged.staying_open());
    return object.line();
}

}  // namespace packetsentry::ctl::render
