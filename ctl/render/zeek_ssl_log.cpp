// Zeek's ssl.log: handshakes of TLS, each with what came of it (the fields of SSL::Info).
//
// What a row does not know is unset: the messages that were seen one by one, the fingerprints of whole chains
// of certificates, and whether the name that was asked for is in the certificate.
#include <span>
#include <string>
#include <string_view>

#include "ctl/render/zeek_lines.h"
#include "ctl/render/zeek_logs.h"
#include "ctl/render/zeek_writer.h"
#include "proto/rows/fields.h"

namespace packetsentry::ctl::render {
namespace {

using rows::field;

constexpr ZeekField kSslFields[] = {
    {"version", "string"},
    {"cipher", "string"},
    {"curve", "string"},
    {"server_name", "string"},
    {"resumed", "bool"},
    {"last_alert", "string"},
    {"next_protocol", "string"},
    {"established", "bool"},
    {"ssl_history", "string"},
    {"cert_chain_fps", "vector[string]"},
    {"client_cert_chain_fps", "vector[string]"},
    {"sni_matches_cert", "bool"},
};
constexpr int kUnknownInTheEnd = 4;  // from ssl_history on

class ZeekSslLog {
  public:
    static constexpr std::string_view kPath = "ssl";
    static constexpr std::span<const ZeekField> kFields = kSslFields;

    explicit ZeekSslLog(ZeekLines& lines) : lines_(lines) {}

    void begin(const proto::BatchView& view) {
        version_ = BatchColumn(view, field("tls.version"));
        version_protocol_ = BatchColumn(view, field("tls.version_protocol"));
        draft_ = BatchColumn(view, field("packetsentry.tls.draft"));
        cipher_ = BatchColumn(view, field("tls.cipher"));
        cipher_number_ = BatchColumn(view, field("packetsentry.tls.cipher_number"));
        curve_ = BatchColumn(view, field("tls.curve"));
        server_name_ = BatchColumn(view, field("tls.client.server_name"));
        resumed_ = BatchColumn(view, field("tls.resumed"));
        alert_ = BatchColumn(view, field("packetsentry.tls.alert.description"));
        next_protocol_ = BatchColumn(view, field("tls.next_protocol"));
        established_ = BatchColumn(view, field("tls.established"));
    }

    void put_row(std::uint32_t row) {
        lines_.put_conversation(row);
        put_version(row);
        put_cipher(row);
        lines_.put_text(curve_.text(row));
        lines_.put_text(server_name_.text(row));
        lines_.put_truth(resumed_.number(row).value_or(0) != 0);
        lines_.put_text(alert_.text(row));
        lines_.put_text(next_protocol_.text(row));
        lines_.put_truth(established_.number(row).value_or(0) != 0);
        for (int i = 0; i < kUnknownInTheEnd; ++i) lines_.put_unset();
        lines_.end_line();
    }

  private:
    // "TLSv12", "TLSv10", "SSLv3", "TLSv13-draft28".
    void put_version(std::uint32_t row) {
        const std::string_view version = version_.text(row);
        if (version.empty()) return lines_.put_unset();
        const bool ssl = version_protocol_.text(row) == "ssl";
        text_.assign(ssl ? "SSLv" : "TLSv");
        for (const char c : ssl ? version.substr(0, version.find('.')) : version)
            if (c != '.') text_ += c;
        if (const std::string_view draft = draft_.text(row); !draft.empty()) {
            text_ += '-';
            for (const char c : draft)
                if (c != '-') text_ += c;
        }
        lines_.put_text(text_);
    }

    void put_cipher(std::uint32_t row) {
        const auto number = cipher_number_.number(row);
        if (!cipher_.text(row).empty() || !number) return lines_.put_text(cipher_.text(row));
        lines_.put_text("unknown-" + std::to_string(*number));
    }

    ZeekLines& lines_;
    std::string text_;
    BatchColumn version_, version_protocol_, draft_, cipher_, cipher_number_, curve_, server_name_;
    BatchColumn resumed_, alert_, next_protocol_, established_;
};

}  // namespace

std::unique_ptr<RowWriter> make_zeek_ssl_log() {
    return std::make_unique<ZeekWriter<ZeekSslLog>>();
}

}  // namespace packetsentry::ctl::render
