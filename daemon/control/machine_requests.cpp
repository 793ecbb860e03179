#include "daemon/control/machine_requests.h"

#include <unistd.h>

#include <string>
#include <utility>

#include "daemon/control/interfaces.h"
#include "daemon/control/kept_requests.h"
#include "daemon/quota/capture_resources.h"

namespace packetsentry::control {

namespace asio = boost::asio;

namespace {

void put_policy(const Shared& shared, wire::Status& status) {
    status.set_policy_since_ns(shared.policy_since_ns);
    if (!shared.rules.policy) return;
    status.set_policy_file(shared.rules.policy->path);
    status.set_policy_rules(static_cast<std::uint32_t>(shared.rules.policy->rules.size()));
}

void put_use(const quota::CaptureUse& use, wire::CaptureUse& put) {
    put.set_sockets(use.sockets);
    put.set_ring_bytes(use.ring_bytes);
    put.set_filter_instructions(use.filter_instructions);
    put.set_memory_output_bytes(use.memory_output_bytes);
}

// Root has no limits but the machine's.
void put_resources(const quota::CaptureResources& resources, uid_t user, wire::Status& status) {
    put_use(resources.use_of_all(), *status.mutable_captures());
    put_use(resources.use(user), *status.mutable_your_captures());
    const quota::CaptureLimits& limits = resources.limits();
    status.mutable_captures_limit()->set_ring_bytes(limits.ring_bytes);
    if (user == 0) return;
    wire::CaptureUse& yours = *status.mutable_your_captures_limit();
    yours.set_sockets(limits.sockets);
    yours.set_sockets_per_interface(limits.sockets_per_interface);
    yours.set_ring_bytes(limits.user_ring_bytes);
    yours.set_filter_instructions(limits.interface_instructions);
    yours.set_memory_output_bytes(limits.memory_output_bytes);
}

}  // namespace

asio::awaitable<Outcome> show_interfaces(Call& call) {
    auto interfaces = list_interfaces();
    if (!interfaces) co_return std::unexpected(interfaces.error());
    Answer answer = call.answer();
    *answer.reply.mutable_interfaces() = std::move(*interfaces);
    co_return answer;
}

asio::awaitable<Outcome> show_status(Call& call) {
    Shared& shared = call.shared();
    Answer answer = call.answer();
    wire::Status& status = *answer.reply.mutable_status();
    status.set_version(PACKETSENTRY_VERSION);
    status.set_started_ns(shared.started_ns);
    status.set_pid(static_cast<std::uint32_t>(::getpid()));
    status.set_live_jobs(shared.registry().live());
    status.set_finished_jobs(shared.registry().finished());
    status.set_clients(static_cast<std::uint32_t>(shared.accounts.held(quota::Held::connection)));
    status.set_kept_bytes(shared.registry().kept_bytes());
    status.set_kept_bytes_limit(shared.registry().limits().kept_bytes);
    status.set_refused(shared.refusals.all());
    for (std::size_t i = 0; i < quota::Refusals::kKinds; ++i) {
        const auto kind = static_cast<quota::Refusal>(i);
        if (shared.refusals.of(kind) == 0) continue;
        auto& refusals = *status.add_refusals();
        refusals.set_kind(std::string(name_of(kind)));
        refusals.set_count(shared.refusals.of(kind));
    }
    status.set_delayed_requests(shared.delayed_requests);
    status.set_streams(static_cast<std::uint32_t>(shared.accounts.held(quota::Held::stream)));
    status.set_waiting_bytes(shared.accounts.held(quota::Held::byte));
    status.set_worker_failures(shared.supervisor.worker_failures());
    status.set_uid(::geteuid());
    status.set_may_capture(shared.may_capture());
    status.set_socket(shared.config.socket);
    put_policy(shared, status);
    co_await describe_spool(call, status);
    put_resources(shared.supervisor.resources(), shared.payer(call.uid()), status);
    co_return answer;
}

}  // namespace packetsentry::control
