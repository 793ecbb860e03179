#include <vector>

#include "ctl/render/job_text.h"
#include "ctl/render/json_object.h"
#include "ctl/render/loss.h"
#include "ctl/render/terms_text.h"
#include "daemon/base/names.h"
#include "proto/words/state_names.h"

namespace packetsentry::ctl::render {
namespace {

void put_ledger(JsonObject& object, const wire::Ledger& ledger) {
    object.open("ledger");
    object.number("received", ledger.received());
    object.number("dropped_by_kernel", ledger.dropped_by_kernel());
    object.number("unread", ledger.unread());
    object.number("delivered", ledger.delivered());
    object.number("filtered", ledger.filtered());
    object.number("recorded", ledger.recorded());
    object.number("shed", ledger.shed());
    object.number("malformed", ledger.malformed());
    object.number("bytes", ledger.bytes());
    object.number("saved", ledger.saved());
    object.number("saved_bytes", ledger.saved_bytes());
    object.number("not_saved", ledger.not_saved());
    object.close();
}

void put_error(JsonObject& object, const wire::Error& error) {
    object.open("error");
    object.number("code", error.code());
    object.text("message", error.message());
    object.close();
}

void put_output(JsonObject& object, const wire::Job& job) {
    if (job.output_name().empty()) return;
    object.text("output", job.output_name());
    object.boolean("saving", !job.has_saving_end() && job.ended_ns() == 0);
    object.moment("saving_ended", job.saving_end().at_ns());
    object.text_unless_empty("saving_error", job.saving_end().reason());
}

template <typename Moments>
std::vector<std::string> times_of(const Moments& moments) {
    PacketTime time(TimeFormat::rfc3339);
    std::vector<std::string> texts;
    for (const std::int64_t moment : moments) texts.emplace_back(time.text(moment));
    return texts;
}

void put_losses(JsonObject& object, const wire::Job& job) {
    object.open_list("gaps");
    for (const wire::Loss& loss : job.loss()) {
        object.open_element();
        object.text("cause", cause_name(loss.cause()));
        object.moment("from", loss.from_ns());
        object.moment("to", loss.to_ns());
        if (!loss.uncounted()) object.number("packets", loss.packets());
        if (loss.at_most()) object.boolean("at_most", true);
        object.close();
    }
    object.close_list();
}

}  // namespace

std::string job_json(const wire::Job& job) {
    JsonObject object;
    object.number("id", job.id());
    object.text_unless_empty("name", job.name());
    object.text("state", proto::state_name(job.state()));
    if (job.has_error()) put_error(object, job.error());
    object.number("owner_uid", job.owner_uid());
    object.text("owner", base::user_name(job.owner_uid()));
    if (job.has_capture()) {  // not of another's that may not be looked into
        object.texts("interfaces", job.capture().interface());
        object.text("filter", job.filter_text());
    }
    put_output(object, job);
    object.boolean("foreground", job.foreground());
    object.moment("started", job.started_ns());
    object.moment("ended", job.ended_ns());
    if (job.has_ended_by()) object.number("ended_by_uid", job.ended_by());
    object.text_unless_empty("ended_because", job.ended_because());
    object.moment("expires", job.expires_ns());
    object.text_unless_empty("rule", job.rule());
    put_terms(object, job.terms());
    if (job.has_ledger()) put_ledger(object, job.ledger());
    object.decimal("packets_per_second", job.packets_per_second());
    object.decimal("bytes_per_second", job.bytes_per_second());
    object.number("kept", rows_of(job, wire::TABLE_PACKETS).kept());
    object.number("kept_bytes", job.kept_bytes());
    object.number("evicted", rows_of(job, wire::TABLE_PACKETS).evicted());
    object.number("followers", job.followers());
    object.texts("notices", job.notice());
    object.texts("notice_times", times_of(job.notice_ns()));
    object.boolean("wait", job.wait());
    object.number("worker_restarts", job.worker_restarts());
    object.number("interface_dropped", job.interface_dropped());
    object.number("gap_count", job.losses());
    put_losses(object, job);
    return object.line();
}

std::string interface_json(const wire::InterfaceInfo& interface) {
    JsonObject object;
    object.text("name", interface.name());
    object.number("index", interface.index());
    object.boolean("up", interface.up());
    object.boolean("running", interface.running());
    object.boolean("loopback", interface.loopback());
    object.texts("addresses", interface.address());
    object.text("link", interface.link());
    object.text_unless_empty("description", interface.description());
    return object.line();
}

// In a limit, what is not limited is left out.
void add_use(JsonObject& object, const char* name, const wire::CaptureUse& use) {
    const bool limit = std::string_view(name).ends_with("_limit");
    const auto add = [&](const char* key, std::uint64_t number) {
        if (!limit || number != 0) object.number(key, number);
    };
    object.open(name);
    add("sockets", use.sockets());
    if (limit) add("sockets_per_interface", use.sockets_per_interface());
    add("ring_bytes", use.ring_bytes());
    add("filter_instructions", use.filter_instructions());
    add("memory_output_bytes", use.memory_output_bytes());
    object.close();
}

std::string status_json(const wire::Status& status) {
    JsonObject object;
    object.text("version", status.version());
    object.text("socket", status.socket());
    object.number("pid", status.pid());
    object.number("uid", status.uid());
    object.moment("started", status.started_ns());
    object.boolean("may_capture", status.may_capture());
    if (status.policy_since_ns() != 0) {
        object.open("policy");
        object.text_unless_empty("file", status.policy_file());
        object.number("rules", status.policy_rules());
        object.moment("since", status.policy_since_ns());
        object.close();
    }
    object.number("live_jobs", status.live_jobs());
    object.number("finished_jobs", status.finished_jobs());
    object.number("clients", status.clients());
    object.number("kept_bytes", status.kept_bytes());
    object.number("kept_bytes_limit", status.kept_bytes_limit());
    object.number("refused", status.refused());
    object.open("refusals");
    for (const wire::Refusals& refusals : status.refusals())
        object.number(refusals.kind().c_str(), refusals.count());
    object.close();
    object.number("delayed_requests", status.delayed_requests());
    object.number("streams", status.streams());
    object.number("waiting_bytes", status.waiting_bytes());
    object.number("worker_failures", status.worker_failures());
    add_use(object, "captures", status.captures());
    add_use(object, "captures_limit", status.captures_limit());
    add_use(object, "your_captures", status.your_captures());
    if (status.has_your_captures_limit())
        add_use(object, "your_captures_limit", status.your_captures_limit());
    return object.line();
}

}  // namespace packetsentry::ctl::render
