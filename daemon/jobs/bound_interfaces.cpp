#include "daemon/jobs/bound_interfaces.h"

#include <algorithm>

namespace packetsentry::jobs {

bool BoundInterfaces::look(const InterfaceTable& table, Names& names) {
    if (table.empty()) return false;  // it could not be read
    indices_.resize(static_cast<std::size_t>(names.size()));
    bool renamed = false;
    for (int i = 0; i < names.size(); ++i) {
        std::string& name = *names.Mutable(i);
        std::uint32_t& index = indices_[static_cast<std::size_t>(i)];
        const auto called_so = table.find(name);
        const std::uint32_t index_of_name = called_so == table.end() ? 0 : called_so->second.index;
        if (index == index_of_name) continue;
        const auto bound_to =
            std::ranges::find_if(table, [&](const auto& entry) { return entry.second.index == index; });
        if (index == 0 || bound_to == table.end()) {
            index = index_of_name;
            continue;
        }
        name = bound_to->first;
        renamed = true;
    }
    return renamed;
}

std::vector<std::string> BoundInterfaces::missing(const Names& names) const {
    std::vector<std::string> found;
    for (std::size_t i = 0; i < indices_.size(); ++i) {
        const std::string& name = names.Get(static_cast<int>(i));
        if (indices_[i] == 0 && name != kAny) found.push_back(name);
    }
    return found;
}

}  // namespace packetsentry::jobs
