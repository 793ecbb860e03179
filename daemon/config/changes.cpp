#include "daemon/config/changes.h"

#include <utility>

#include "daemon/config/keys.h"

namespace packetsentry::config {

std::vector<Change> changes(const Config& before, const Config& after) {
    std::vector<Change> found;
    for (const Key& key : keys()) {
        std::string from = key.show(before);
        std::string to = key.show(after);
        if (from != to) found.push_back({key.name, key.effect, std::move(from), std::move(to)});
    }
    return found;
}

Config reloaded(const Config& before, Config after) {
    for (const Key& key : keys())
        if (key.effect == Effect::restart) key.copy(before, after);
    return after;
}

}  // namespace packetsentry::config
