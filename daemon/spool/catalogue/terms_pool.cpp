#include "daemon/spool/catalogue/terms_pool.h"

#include <algorithm>

namespace packetsentry::spool {

Terms TermsPool::share(std::string_view text) {
    if (const auto found = terms_.find(text); found != terms_.end()) return *found;
    if (terms_.size() >= discard_at_) {
        // Only this thread makes a first copy of what is here, so a count of one stays one.
        std::erase_if(terms_, [](const Terms& terms) { return terms.use_count() == 1; });
        discard_at_ = std::max<std::size_t>(64, 2 * terms_.size());
    }
    return *terms_.insert(std::make_shared<const std::string>(text)).first;
}

}  // namespace packetsentry::spool
