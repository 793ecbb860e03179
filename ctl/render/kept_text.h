// What the spool has of a job, for people and for programs.
#pragma once

#include <cstdint>
#include <string>

#include "ctl/render/json_object.h"
#include "ctl/render/terms_text.h"
#include "proto/messages/control.pb.h"

namespace packetsentry::ctl::render {

// "12 d": for how long this number of bytes lasts at this rate. Empty, if one of them is not known, or is 0.
[[nodiscard]] std::string lasts_text(std::uint64_t bytes, std::uint64_t bytes_per_day);

// "since 2026-11-24 08:00:00": how far back it reaches; with the packets apart, where they reach less far.
// Empty: there is nothing, or it is not known.
[[nodiscard]] std::string reach_text(const wire::Job& job);
[[nodiscard]] std::string reach_text(const wire::Status& status);
// What may still be kept of the job at the present rate before the oldest of it goes: "12 d". Empty: its
// bytes have no limit of their own, or the rate is not known.
[[nodiscard]] std::string job_lasts_text(const wire::Job& job);
// How fast the whole spool grows, and for how long it lasts: "1.2 GiB a day, so that 20.0 GiB last for 16 d".
[[nodiscard]] std::string growth_text(const wire::Status& status);

// Adds nothing if the job is not kept.
void add_kept(Facts& facts, const wire::Job& job);
void put_kept(JsonObject& object, const wire::Job& job);
// A list of that name, with an element for each table.
using KeptTables = google::protobuf::RepeatedPtrField<wire::KeptTable>;
void put_kept_tables(JsonObject& object, const char* name, const KeptTables& tables);

}  // namespace packetsentry::ctl::render
