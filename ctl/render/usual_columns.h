// The columns of a table of rows where the user names none.
#pragma once

#include <vector>

#include "ctl/render/field_settings.h"
#include "proto/messages/batch.pb.h"

namespace packetsentry::ctl::render {

// Those of packets for a table that has none of its own.
[[nodiscard]] std::vector<FieldChoice> usual_columns(wire::Table table);

}  // namespace packetsentry::ctl::render
