// What a log line says of the job it is about, besides its text.
#pragma once

#include "daemon/jobs/job.h"
#include "daemon/log/journal_fields.h"

namespace packetsentry::jobs {

// Its id, name and interfaces.
[[nodiscard]] log::Fields job_fields(const Job& job);
// Adds the owner, for what the job does by itself.
[[nodiscard]] log::Fields own_fields(const Job& job);
// Adds who did what to the job, that it was allowed, and by which rule.
[[nodiscard]] log::Fields audit_fields(const Job& job, uid_t uid, const char* action,
                                       const std::string& rule);

}  // namespace packetsentry::jobs
