#include <vector>

#include "ctl/render/job_text.h"
#include "ctl/render/json_object.h"
#include "ctl/render/kept_text.h"
#include "ctl/render/loss.h"
#include "ctl/render/terms_text.h"
#include "daemon/base/names.h"
#include "proto/link/ledger.h"
#include "proto/words/loss_words.h"
#include "proto/words/state_names.h"
#include "proto/words/table_names.h"

namespace packetsentry::ctl::render {
namespace {

// "flows", "flows_shed", …
void put_derived(JsonObject& object, const wire::Ledger& ledger, const proto::DerivedTable& derived) {
    const wire::DerivedCounts& counts = (ledger.*derived.counts)();
    const std::string name(proto::name_of_table(derived.table));
    object.number(name.c_str(), counts.rows());
    object.number((name + "_shed").c_str(), counts.shed());
    object.number((name + "_evicted").c_str(), counts.evicted());
    object.number((name + "_not_kept").c_str(), counts.not_kept());
}

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
    object.number("not_kept", ledger.not_kept());
    object.number("ended_files", ledger.ended_files());
    for (const proto::DerivedTable& derived : proto::kDerivedTables) put_derived(object, ledger, derived);
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
        object.text("cause", proto::cause_name(loss.cause()));
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
        object.text_unless_empty("display_filter", job.capture().filter().display());
        if (job.capture().with_bytes()) object.boolean("with_bytes", true);
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
    put_kept(object, job);
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

}  // namespace packetsentry::ctl::render
