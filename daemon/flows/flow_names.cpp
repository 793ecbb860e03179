#include "daemon/flows/flow_names.h"

namespace packetsentry::flows {

std::string_view to_string(NameSource source) {
    switch (source) {
        case NameSource::tls:
            return "tls";
        case NameSource::http:
            return "http";
        case NameSource::dns:
            return "dns";
    }
    return "unknown";
}

FlowNames::~FlowNames() {
    for (std::size_t i = 0; i < count_; ++i) pool_.release(names_[i]);
}

bool FlowNames::has(NameSource source, NamePool::Id name) const {
    for (std::size_t i = 0; i < count_; ++i)
        if (sources_[i] == source && names_[i] == name) return true;
    return false;
}

bool FlowNames::add(NameSource source, NamePool::Id name) {
    if (name == NamePool::kNone) return false;
    const bool known = has(source, name);
    const bool full = count_ == kLimit;
    if (known || (full && (source == NameSource::dns || !ends_with_dns()))) {
        pool_.release(name);
        return known;
    }
    if (full) pool_.release(names_[--count_]);
    put(source != NameSource::dns && ends_with_dns() ? count_ - 1U : count_, source, name);
    return !full;
}

void FlowNames::put(std::size_t at, NameSource source, NamePool::Id name) {
    for (std::size_t i = count_; i > at; --i) {
        names_[i] = names_[i - 1];
        sources_[i] = sources_[i - 1];
    }
    names_[at] = name;
    sources_[at] = source;
    ++count_;
}

}  // namespace packetsentry::flows
