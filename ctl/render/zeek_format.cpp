// The format "zeek": the lines of Zeek's conn.log, separated by tabs, for everything that reads those
// (https://docs.zeek.org/en/master/log-formats.html, "Zeek TSV Format Logs", and the fields of Conn::Info).
//
// What Zeek does not tell of a conversation that had one packet is left out here as well: its duration and
// its bytes.
#include <xxhash.h>

#include <array>
#include <cstdio>
#include <optional>
#include <string_view>

#include "ctl/render/address_texts.h"
#include "ctl/render/escape.h"
#include "ctl/render/formats.h"
#include "proto/rows/column_cursor.h"
#include "proto/rows/fields.h"
#include "proto/rows/transport.h"

namespace packetsentry::ctl::render {
namespace {

using rows::field;
using Cursor = std::optional<proto::ColumnCursor>;

constexpr std::string_view kHead =
    "#separator \\x09\n"
    "#set_separator\t,\n"
    "#empty_field\t(empty)\n"
    "#unset_field\t-\n"
    "#path\tconn\n"
    "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_"
    "bytes\tresp_bytes"
    "\tconn_state\tlocal_orig\tlocal_resp\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts"
    "\tresp_ip_bytes\ttunnel_parents\tcommunity_id\n"
    "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount"
    "\tstring\tbool\tbool\tcount\tstring\tcount\tcount\tcount\tcount\tset[string]\tstring\n";

constexpr std::string_view kUnset = "-";

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

// Zeek calls a conversation by 17 letters and digits or so behind a C. This one is the same whenever the same
// row is printed again.
std::array<char, 18> uid_of(std::string_view community, std::int64_t begin_ns) {
    constexpr std::string_view kLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::array<char, 18> text{'C'};
    const auto seed = static_cast<XXH64_hash_t>(begin_ns);
    XXH64_hash_t hash = XXH3_64bits_withSeed(community.data(), community.size(), seed);
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (i == 10) hash = XXH3_64bits_withSeed(community.data(), community.size(), ~seed);
        text[i] = kLetters[hash % kLetters.size()];
        hash /= kLetters.size();
    }
    return text;
}

class ZeekWriter final : public RowWriter {
  public:
    [[nodiscard]] std::string_view head() const override { return kHead; }

    [[nodiscard]] std::string_view write(RowBatch& batch) override {
        begin(batch.view());
        lines_.clear();
        for (const std::uint32_t row : batch.rows()) put_row(row);
        return lines_.view();
    }

  private:
    void begin(const proto::BatchView& view) {
        view_ = &view;
        addresses_.begin(view);
        community_ = column(field("network.community_id"));
        direction_ = column(field("network.direction"));
        state_ = column(field("packetsentry.flow.state"));
        history_ = column(field("packetsentry.flow.history"));
        services_ = column(field("packetsentry.flow.services"));
        missed_ = column(field("packetsentry.flow.missed_bytes"));
        source_payload_ = column(field("packetsentry.flow.source.payload_bytes"));
        destination_payload_ = column(field("packetsentry.flow.destination.payload_bytes"));
        source_packets_ = column(field("source.packets"));
        source_bytes_ = column(field("source.bytes"));
        destination_packets_ = column(field("destination.packets"));
        destination_bytes_ = column(field("destination.bytes"));
    }

    [[nodiscard]] Cursor column(const rows::FieldInfo& info) const {
        for (const proto::ColumnView& column : view_->columns()) {
            const bool as_told = column.kind() == static_cast<wire::Column::Kind>(info.kind);
            if (column.field() == &info && as_told) return proto::ColumnCursor(column);
        }
        return std::nullopt;
    }

    void put_row(std::uint32_t row) {
        const bool lasted = view_->duration_ns(row) != 0;
        put_seconds(view_->begin_ns(row));
        const auto uid = uid_of(text(community_, row), view_->begin_ns(row));
        put(std::string_view(uid.data(), uid.size()));
        put_end(view_->source(row), view_->source_port(row));
        put_end(view_->destination(row), view_->destination_port(row));
        put(transport(row));
        put_services(row);
        if (lasted)
            put_seconds(static_cast<std::int64_t>(view_->duration_ns(row)));
        else
            put(kUnset);
        put_if(lasted, source_payload_, row);
        put_if(lasted, destination_payload_, row);
        put_text(state_, row);
        put_local(row);
        put_number(missed_, row);
        put_text(history_, row);
        put_number(source_packets_, row);
        put_number(source_bytes_, row);
        put_number(destination_packets_, row);
        put_number(destination_bytes_, row);
        put(kUnset);
        put_text(community_, row);
        lines_.append('\n');
    }

    // Each column but the first has a tab before it.
    void separate() {
        const std::string_view before = lines_.view();
        if (!before.empty() && before.back() != '\n') lines_.append('\t');
    }
    void put(std::string_view text) {
        separate();
        lines_.append(text);
    }
    // With six places, as Zeek has them.
    void put_seconds(std::int64_t time_ns) {
        constexpr std::int64_t kMicrosecond = 1000, kSecond = 1'000'000'000;
        std::int64_t seconds = time_ns / kSecond, rest = time_ns % kSecond;
        if (rest < 0) {
            rest += kSecond;
            --seconds;
        }
        std::array<char, 32> text{};
        std::snprintf(text.data(), text.size(), "%lld.%06lld", static_cast<long long>(seconds),
                      static_cast<long long>(rest / kMicrosecond));
        put(text.data());
    }
    void put_end(std::uint32_t address, std::uint16_t port) {
        put(address == 0 ? kUnset : addresses_.text(address));
        separate();
        lines_.append_number(port);
    }
    [[nodiscard]] std::string_view transport(std::uint32_t row) const {
        switch (view_->ip_protocol(row)) {
            case 6:
                return "tcp";
            case 17:
                return "udp";
            case 1:
            case 58:
                return "icmp";
            default:
                return "unknown_transport";
        }
    }
    void put_services(std::uint32_t row) {
        const proto::ValueRange range = services_ ? services_->at(row) : proto::ValueRange{};
        if (range.empty()) return put(kUnset);
        separate();
        for (std::size_t value = range.first; value < range.last; ++value) {
            if (value != range.first) lines_.append(',');
            append_printable(lines_, zeek_service(services_->column().text(value)));
        }
    }
    [[nodiscard]] static std::string_view text(Cursor& cursor, std::uint32_t row) {
        if (!cursor) return {};
        const proto::ValueRange range = cursor->at(row);
        return range.empty() ? std::string_view() : cursor->column().text(range.first);
    }
    void put_text(Cursor& cursor, std::uint32_t row) {
        const std::string_view value = text(cursor, row);
        if (value.empty()) return put(kUnset);
        separate();
        append_printable(lines_, value);
    }
    void put_number(Cursor& cursor, std::uint32_t row) {
        const proto::ValueRange range = cursor ? cursor->at(row) : proto::ValueRange{};
        separate();
        lines_.append_number(range.empty() ? 0 : cursor->column().number(range.first));
    }
    void put_if(bool told, Cursor& cursor, std::uint32_t row) {
        if (told) return put_number(cursor, row);
        put(kUnset);
    }
    void put_local(std::uint32_t row) {
        const std::string_view direction = text(direction_, row);
        const bool from_local = direction == "internal" || direction == "outbound";
        const bool to_local = direction == "internal" || direction == "inbound";
        put(direction.empty() ? kUnset : from_local ? "T" : "F");
        put(direction.empty() ? kUnset : to_local ? "T" : "F");
    }

    const proto::BatchView* view_ = nullptr;
    AddressTexts addresses_{MacStyle::colons};
    Cursor community_, direction_, state_, history_, services_, missed_;
    Cursor source_payload_, destination_payload_;
    Cursor source_packets_, source_bytes_, destination_packets_, destination_bytes_;
    TextBuffer lines_;
};

}  // namespace

std::unique_ptr<RowWriter> make_zeek_writer(const FormatSettings&) {
    return std::make_unique<ZeekWriter>();
}

}  // namespace packetsentry::ctl::render
