#include "daemon/worker/interface_names.h"

namespace packetsentry::worker {

std::string_view InterfaceNames::name(std::uint32_t index) {
    if (index == 0 || socket_ < 0) return {};
    Entry& entry = entries_[index % entries_.size()];
    if (entry.index != index) entry = {index, capture::interface_name(socket_, index)};
    return entry.name.data();
}

}  // namespace packetsentry::worker
