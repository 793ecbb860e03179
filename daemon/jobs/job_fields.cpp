#include "daemon/jobs/job_fields.h"

namespace packetsentry::jobs {

log::Fields job_fields(const Job& job) {
    log::Fields fields{{log::kJob, std::to_string(job.id())}};
    if (!job.order().name.empty()) fields.push_back({log::kJobName, job.order().name});
    for (const std::string& name : job.capture().interface()) fields.push_back({log::kInterface, name});
    return fields;
}

log::Fields own_fields(const Job& job) {
    log::Fields fields = job_fields(job);
    fields.push_back(log::uid_field(job.order().owner));
    return fields;
}

log::Fields audit_fields(const Job& job, uid_t uid, const char* action, const std::string& rule) {
    log::Fields fields = job_fields(job);
    fields.push_back(log::uid_field(uid));
    fields.push_back({log::kAction, action});
    fields.push_back({log::kVerdict, "allowed"});
    fields.push_back({log::kRule, rule});
    return fields;
}

}  // namespace packetsentry::jobs
