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
void add_terms(Facts& facts, const wire::CaptureSpec& capture);
void put_terms(JsonObject& object, const wire::CaptureSpec& capture);

}  // namespace packetsentry::ctl::render
