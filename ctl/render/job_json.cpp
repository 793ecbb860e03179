#include <cmath>

#include "ctl/render/job.h"
#include "ctl/render/json_text.h"
#include "ctl/render/packet_time.h"

namespace packetsentry::ctl::render {
namespace {

// One object under construction.
class Object {
  public:
    Object() { json_.StartObject(); }

    void text(const char* key, std::string_view value) {
        json_.Key(key);
        put_json_text(json_, value);
    }
    void text_unless_empty(const char* key, std::string_view value) {
        if (!value.empty()) text(key, value);
    }
    void number(const char* key, std::uint64_t value) {
        json_.Key(key);
        json_.Uint64(value);
    }
    // NaN and infinity, which JSON has not, as 0.
    void decimal(const char* key, double value) {
        json_.Key(key);
        json_.Double(std::isfinite(value) ? value : 0);
    }
    void boolean(const char* key, bool value) {
        json_.Key(key);
        json_.Bool(value);
    }
    void moment(const char* key, std::int64_t time_ns) {
        if (time_ns != 0) text(key, PacketTime(TimeFormat::rfc3339).text(time_ns));
    }
    template <typename Texts>
    void texts(const char* key, const Texts& values) {
        json_.Key(key);
        json_.StartArray();
        for (const std::string& value : values) put_json_text(json_, value);
        json_.EndArray();
    }
    void open(const char* key) {
        json_.Key(key);
        json_.StartObject();
    }
    void close() { json_.EndObject(); }
    [[nodiscard]] std::string line() {
        close();
        return std::string(out_.GetString(), out_.GetSize()) + '\n';
    }

  private:
    rapidjson::StringBuffer out_;
    JsonWriter json_{out_};
};

void put_ledger(Object& object, const wire::Ledger& ledger) {
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

void put_error(Object& object, const wire::Error& error) {
    object.open("error");
    object.number("code", error.code());
    object.text("message", error.message());
    object.close();
}

}  // namespace

std::string job_json(const wire::Job& job) {
    Object object;
    object.number("id", job.id());
    object.text_unless_empty("name", job.name());
    object.text("state", state_name(job.state()));
    if (job.has_error()) put_error(object, job.error());
    object.number("owner_uid", job.owner_uid());
    object.text("owner", owner_name(job.owner_uid()));
    object.texts("interfaces", job.capture().interface());
    object.text("filter", job.filter_text());
    object.text_unless_empty("output", job.output_name());
    object.boolean("foreground", job.foreground());
    object.moment("started", job.started_ns());
    object.moment("ended", job.ended_ns());
    put_ledger(object, job.ledger());
    object.decimal("packets_per_second", job.packets_per_second());
    object.decimal("bytes_per_second", job.bytes_per_second());
    object.number("kept", job.kept());
    object.number("kept_bytes", job.kept_bytes());
    object.number("evicted", job.evicted());
    object.number("followers", job.followers());
    object.texts("notices", job.notice());
    return object.line();
}

std::string interface_json(const wire::InterfaceInfo& interface) {
    Object object;
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

std::string status_json(const wire::Status& status) {
    Object object;
    object.text("version", status.version());
    object.text("socket", status.socket());
    object.number("pid", status.pid());
    object.number("uid", status.uid());
    object.moment("started", status.started_ns());
    object.boolean("may_capture", status.may_capture());
    object.number("live_jobs", status.live_jobs());
    object.number("finished_jobs", status.finished_jobs());
    object.number("clients", status.clients());
    object.number("kept_bytes", status.kept_bytes());
    object.number("kept_bytes_limit", status.kept_bytes_limit());
    object.number("refused", status.refused());
    object.number("worker_failures", status.worker_failures());
    return object.line();
}

}  // namespace packetsentry::ctl::render
