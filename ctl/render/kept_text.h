// What the spool has of a job, for people and for programs.
#pragma once

#include <string>

#include "ctl/render/json_object.h"
#include "ctl/render/terms_text.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::ctl::render {

// Adds nothing if the job is not kept.
void add_kept(Facts& facts, const wire::Job& job);
void put_kept(JsonObject& object, const wire::Job& job);

// Returns since when rows of the job are in the spool: "2026-11-24 08:00:00"; "-" if it is not kept, "nothing
// yet" if nothing is there, and "not known" if the daemon has not told it.
[[nodiscard]] std::string kept_since(const wire::Job& job);

}  // namespace packetsentry::ctl::render
