// The journal fields of a log line about a job.
#pragma once

#include "daemon/jobs/job.h"
#include "daemon/log/journal_fields.h"

namespace packetsentry::jobs {

// Returns the job's id, name and interfaces.
[[nodiscard]] log::Fields job_fields(const Job& job);
// Returns these and the owner, for lines about what the job does by itself.
[[nodiscard]] log::Fields own_fields(const Job& job);
// Returns the fields of job_fields(), and who did what to the job, that it was allowed, and by which rule.
[[nodiscard]] log::Fields audit_fields(const Job& job, uid_t uid, const char* action,
                                       const std::string& rule);

}  // namespace packetsentry::jobs
