#include "daemon/control/call.h"

#include <algorithm>
#include <ranges>
#include <utility>

#include "daemon/control/verdicts.h"
#include "daemon/jobs/job_fields.h"
#include "proto/link/channel.h"

namespace packetsentry::control {

using base::ErrorCode;
using policy::Action;

namespace {

// Bytes of jobs told in full in one answer. Of the others there are 11,024 at most, in 110 bytes each.
constexpr std::size_t kWholeJobs = proto::kBatchFrameLimit / 2;

// Tells which job it is, and no more.
wire::Job brief(const wire::Job& whole) {
    wire::Job known;
    known.set_id(whole.id());
    known.set_name(whole.name());
    known.set_state(whole.state());
    known.set_owner_uid(whole.owner_uid());
    known.set_expires_ns(whole.expires_ns());
    return known;
}

bool may_see(const Call& call, const jobs::Job& job) {
    return job.order().owner == call.uid() || verdict_for(call, Action::see_job, &job).allowed;
}

}  // namespace

policy::Verdict verdict_for(const Call& call, const policy::Request& request, const jobs::Job* job) {
    return verdict_on(call.session.peer(), request, job, call.shared().rules);
}

std::unexpected<base::Error> refusal(Call& call, const policy::Verdict& verdict, const std::string& what) {
    call.rule = verdict.rule;
    return base::fail(
        ErrorCode::not_permitted,
        what + verdict.reason +
            (call.shared().rules.policy ? "; 'packetsentryctl policy check' shows what you may do" : ""));
}

base::Result<JobPtr> find_job(Call& call, const std::string& text, Action action) {
    const auto visible = [&](const jobs::Job& one) {
        return can_find(call.session.peer(), action, one, call.shared().rules);
    };
    auto job = call.shared().registry().find(text, visible, call.uid());
    if (!job) return job;
    const policy::Verdict verdict = verdict_for(call, action, job->get());
    if (verdict.allowed) return job;
    return refusal(call, verdict,
                   std::string("you may not ") + policy::name_of(action) + " job " + (*job)->label() + ": ");
}

log::Fields audit_of(const Call& call, const jobs::Job& job, Action action, const char* name) {
    return jobs::audit_fields(job, call.uid(), name, verdict_for(call, action, &job).rule);
}

Answer answer_with(const Call& call, const std::vector<JobPtr>& jobs) {
    Answer answer = call.answer();
    auto* list = answer.reply.mutable_jobs();
    std::size_t bytes = 0;
    for (const JobPtr& job : jobs | std::views::reverse) {
        wire::Job whole = job->describe(jobs::now());
        const bool fits = (bytes += whole.ByteSizeLong()) <= kWholeJobs;
        *list->add_job() = fits && may_see(call, *job) ? std::move(whole) : brief(whole);
    }
    std::reverse(list->mutable_job()->pointer_begin(), list->mutable_job()->pointer_end());
    return answer;
}

base::Result<void> room_for_stream(Call& call) {
    auto room = call.session.may_follow_more();
    if (!room) call.refusal = quota::Refusal::streams;
    return room;
}

}  // namespace packetsentry::control
