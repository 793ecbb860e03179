// The policy's terms of a capture: for people, and as JSON.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ctl/render/json_object.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::ctl::render {

using Facts = std::vector<std::pair<std::string, std::string>>;

// Only what there is of them.
void add_terms(Facts& facts, const wire::Terms& terms);
void put_terms(JsonObject& object, const wire::Terms& terms);

}  // namespace packetsentry::ctl::render
