// Zeek's conn.log: conversations (the fields of Conn::Info).
//
// What Zeek does not tell of a conversation that had one packet is left out here as well: its duration
// and its bytes.
#include <span>
#include <string_view>

#include "ctl/render/zeek_lines.h"
#include "ctl/render/zeek_logs.h"
#include "ctl/render/zeek_writer.h"
#include "proto/rows/fields.h"

namespace packetsentry::ctl::render {
namespace {

using rows::field;

constexpr ZeekField kConnFields[] = {
    kTransportField,
    {"service", "string"},
    {"duration", "interval"},
    {"orig_bytes", "count"},
    {"resp_bytes", "count"},
    {"conn_state", "string"},
    {"local_orig", "bool"},
    {"local_resp", "bool"},
    {"missed_bytes", "count"},
    {"history", "string"},
    {"orig_pkts", "count"},
    {"orig_ip_bytes", "count"},
    {"resp_pkts", "count"},
    {"resp_ip_bytes", "count"},
    {"tunnel_parents", "set[string]"},
    {"community_id", "string"},
};

// An application that Zeek calls by another name.
struct ServiceName {
    std::string_view ours;
    std::string_view zeeks;
};
constexpr ServiceName kServiceNames[] = {{"tls", "ssl"}, {"mdns", "dns"}, {"llmnr", "dns"}, {"nbns", "dns"}};

std::string_view zeek_service(std::string_view name) {
    for (const ServiceName& row : kServiceNames)
        if (row.ours == name) return row.zeeks;
    return name;
}

class ZeekConnLog {
  public:
    static constexpr std::string_view kPath = "conn";
    static constexpr std::span<const ZeekField> kFields = kConnFields;

    explicit ZeekConnLog(ZeekLines& lines) : lines_(lines) {}

    void begin(const proto::BatchView& view) {
        view_ = &view;
        direction_ = BatchColumn(view, field("network.direction"));
        state_ = BatchColumn(view, field("packetsentry.flow.state"));
        history_ = BatchColumn(view, field("packetsentry.flow.history"));
        services_ = BatchColumn(view, field("packetsentry.flow.services"));
        missed_ = BatchColumn(view, field("packetsentry.flow.missed_bytes"));
        source_payload_ = BatchColumn(view, field("packetsentry.flow.source.payload_bytes"));
        destination_payload_ = BatchColumn(view, field("packetsentry.flow.destination.payload_bytes"));
        source_packets_ = BatchColumn(view, field("source.packets"));
        source_bytes_ = BatchColumn(view, field("source.bytes"));
        destination_packets_ = BatchColumn(view, field("destination.packets"));
        destination_bytes_ = BatchColumn(view, field("destination.bytes"));
    }

    void put_row(std::uint32_t row) {
        const bool lasted = view_->duration_ns(row) != 0;
        lines_.put_conversation(row);
        lines_.put_transport(row);
        put_services(row);
        if (lasted)
            lines_.put_seconds(static_cast<std::int64_t>(view_->duration_ns(row)));
        else
            lines_.put_unset();
        put_if(lasted, source_payload_, row);
        put_if(lasted, destination_payload_, row);
        lines_.put_text(state_.text(row));
        put_local(row);
        put_count(missed_, row);
        lines_.put_text(history_.text(row));
        put_count(source_packets_, row);
        put_count(source_bytes_, row);
        put_count(destination_packets_, row);
        put_count(destination_bytes_, row);
        lines_.put_unset();
        lines_.put_text(lines_.community(row));
        lines_.end_line();
    }

  private:
    void put_services(std::uint32_t row) {
        const proto::ValueRange range = services_.values(row);
        lines_.begin_values();
        for (std::size_t value = range.first; value < range.last; ++value)
            lines_.add_text(zeek_service(services_.text_at(value)));
        lines_.end_values();
    }
    void put_count(BatchColumn& column, std::uint32_t row) {
        lines_.put_number(column.number(row).value_or(0));
    }
    void put_if(bool told, BatchColumn& column, std::uint32_t row) {
        if (told) return put_count(column, row);
        lines_.put_unset();
    }
    void put_local(std::uint32_t row) {
        const std::string_view direction = direction_.text(row);
        if (direction.empty()) {
            lines_.put_unset();
            return lines_.put_unset();
        }
        lines_.put_truth(direction == "internal" || direction == "outbound");
        lines_.put_truth(direction == "internal" || direction == "inbound");
    }

    const proto::BatchView* view_ = nullptr;
    ZeekLines& lines_;
    BatchColumn direction_, state_, history_, services_, missed_;
    BatchColumn source_payload_, destination_payload_;
    BatchColumn source_packets_, source_bytes_, destination_packets_, destination_bytes_;
};

}  // namespace

std::unique_ptr<RowWriter> make_zeek_conn_log() {
    return std::make_unique<ZeekWriter<ZeekConnLog>>();
}

}  // namespace packetsentry::ctl::render
