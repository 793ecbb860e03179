#include "daemon/worker/interface_names.h"

namespace packetsentry::worker {

std::string_view InterfaceNames::name(std::uint32_t index) {
    if (index == 0) return {};
    Entry& entry = entries_[index % entries_.size()];
    if (entry.index != index) {
        entry.index = index;
        if (::if_indextoname(index, entry.name.data()) == nullptr) entry.name.front() = '\0';
    }
    return entry.name.data();
}

}  // namespace packetsentry::worker
