#include "daemon/control/requests.h"

#include <net/if.h>

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/control/call.h"
#include "daemon/control/job_requests.h"
#include "daemon/control/kept_requests.h"
#include "daemon/control/machine_requests.h"
#include "daemon/control/output_requests.h"
#include "daemon/control/policy_requests.h"
#include "daemon/control/replies.h"
#include "daemon/control/search_requests.h"
#include "daemon/control/stream_requests.h"
#include "daemon/jobs/start_order.h"
#include "daemon/log/log.h"
#include "daemon/quota/refusal.h"
#include "proto/link/peer_error.h"

namespace packetsentry::control {

namespace asio = boost::asio;
using base::ErrorCode;
using policy::Action;

namespace {

constexpr std::size_t kFieldsOfRefusal = 4 + jobs::kInterfacesOfJob;

asio::awaitable<Outcome> second_hello(Call&) {
    co_return base::fail(ErrorCode::usage, "hello was already sent");
}

struct RequestKind {
    wire::Request::MessageCase kind;
    const char* name;
    Action action;  // asked of the policy before the handler sees the request
    asio::awaitable<Outcome> (*handler)(Call&);
    bool takes_descriptors = false;
};

constexpr std::array kRequests = {
    RequestKind{wire::Request::kHello, "hello", Action::connect, second_hello},
    RequestKind{wire::Request::kStart, "start", Action::start_job, start_job, true},
    RequestKind{wire::Request::kStop, "stop", Action::stop_job, stop_jobs},
    RequestKind{wire::Request::kList, "list", Action::see_job, list_jobs},
    RequestKind{wire::Request::kShow, "show", Action::see_job, show_job},
    RequestKind{wire::Request::kFollow, "follow", Action::follow_job, follow_job},
    RequestKind{wire::Request::kFilter, "filter", Action::change_filter, change_filter},
    RequestKind{wire::Request::kInterfaces, "interfaces", Action::see_daemon, show_interfaces},
    RequestKind{wire::Request::kStatus, "status", Action::see_daemon, show_status},
    RequestKind{wire::Request::kPolicy, "policy", Action::read_policy, check_policy},
    RequestKind{wire::Request::kRenew, "renew", Action::renew_job, renew_job},
    RequestKind{wire::Request::kSearch, "search", Action::read_past, search_past, true},
    RequestKind{wire::Request::kPurge, "purge", Action::stop_job, purge_kept},
    RequestKind{wire::Request::kGiveOutput, "give output", Action::connect, give_output, true},
};

policy::Verdict verdict_on_kind(const RequestKind& kind, const Call& call) {
    if (call.request.has_stop() && stops_own_foreground(call))
        return {.allowed = true, .reason = "it ends with the connection", .rule = kOwnForeground};
    return verdict_for(call, kind.action, nullptr);
}

asio::awaitable<Outcome> permitted(const RequestKind& kind, Call& call) {
    const policy::Verdict verdict = verdict_on_kind(kind, call);
    if (!verdict.allowed) co_return refusal(call, verdict, "");
    log::tell(log::Event::detail,
              {log::uid_field(call.uid()),
               {log::kAction, kind.name},
               {log::kVerdict, "allowed"},
               {log::kRule, verdict.rule}},
              "uid {} may {}: {}", call.uid(), kind.name, verdict.reason);
    co_return co_await kind.handler(call);
}

asio::awaitable<Outcome> dispatch(Call& call, const RequestKind* kind) {
    if (kind == kRequests.end())
        co_return base::fail(ErrorCode::usage,
                             "this request is not known to packetsentryd " PACKETSENTRY_VERSION);
    co_return co_await permitted(*kind, call);
}

void tell_refusal(const Call& call, const char* action, const base::Error& error) {
    const wire::Request& request = call.request;
    log::Fields fields = quota::refused_fields(call.uid(), action);
    if (!call.rule.empty()) fields.push_back({log::kRule, call.rule});
    for (const std::string& name : request.start().capture().interface())
        if (fields.size() < kFieldsOfRefusal) fields.push_back({log::kInterface, name.substr(0, IFNAMSIZ)});
    log::tell(log::Event::refused, fields, "refused uid {}: {}: {}", call.uid(), action, error.message);
}

}  // namespace

asio::awaitable<Answer> answer_request(Session& session, const wire::Request& request,
                                       std::vector<base::UniqueFd> descriptors) {
    const auto* kind = std::ranges::find(kRequests, request.message_case(), &RequestKind::kind);
    if (kind == kRequests.end() || !kind->takes_descriptors) descriptors.clear();
    Call call{session, request, std::move(descriptors)};
    auto outcome = co_await dispatch(call, kind);
    if (outcome) co_return std::move(*outcome);
    session.shared().refusals.count(
        outcome.error().code == ErrorCode::not_permitted ? quota::Refusal::permission : call.refusal);
    tell_refusal(call, kind == kRequests.end() ? "unknown" : kind->name, outcome.error());
    co_return Answer{error_reply(request.id(), outcome.error()), {}};
}

}  // namespace packetsentry::control
