#include "daemon/spool/search/index_plan.h"

#include <algorithm>

namespace packetsentry::spool {

IndexPlan IndexPlan::all_of(std::vector<IndexPlan> parts) {
    std::erase_if(parts, [](const IndexPlan& part) { return part.every_block(); });
    if (parts.empty()) return {};
    if (parts.size() == 1) return std::move(parts.front());
    IndexPlan joined;
    joined.what_ = What::all;
    joined.parts_ = std::move(parts);
    return joined;
}

IndexPlan IndexPlan::any_of(std::vector<IndexPlan> parts) {
    if (std::ranges::any_of(parts, &IndexPlan::every_block)) return {};
    if (parts.size() == 1) return std::move(parts.front());
    IndexPlan joined;
    joined.what_ = What::any;
    joined.parts_ = std::move(parts);
    return joined;
}

bool IndexPlan::asks(KeyKind kind) const {
    if (what_ == What::lookup) return lookup_.kind == kind;
    return std::ranges::any_of(parts_, [kind](const IndexPlan& part) { return part.asks(kind); });
}

}  // namespace packetsentry::spool
