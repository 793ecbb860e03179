// What each part of a question asks an index. The rules by which a field has keys are those of FORMAT.md,
// "Indexed fields", list kKeyRules.
#pragma once

#include <string_view>

#include "daemon/base/packet_filter.h"
#include "daemon/spool/search/index_plan.h"
#include "proto/query/query.h"

namespace packetsentry::spool {

// Makes the plan of -f, --filter-ip and --filter-port. The transport of a packet is not asked, because a
// packet without a readable header of its transport has no layer of that name.
[[nodiscard]] IndexPlan plan_of_options(const base::PacketFilter& options);

// Makes the plan of a display filter.
[[nodiscard]] IndexPlan plan_of_display(const query::Expression& expression);

// Makes the plan of a pattern for names (glob.h).
[[nodiscard]] IndexPlan plan_of_name(std::string_view pattern);

}  // namespace packetsentry::spool
