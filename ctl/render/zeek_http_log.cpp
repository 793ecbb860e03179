// Zeek's http.log: requests of HTTP, each with its response (the fields of HTTP::Info).
//
// What a row does not know is unset: the origin, what a client says of itself to be let in or of proxies on
// the way, and what is in the bodies. Their lengths are those that the heads give, where Zeek counts bytes.
// A request without a length has no body, unless it comes in chunks (RFC 9112 section 6.3); a response
// without one may have any. The version is that of the response alone.
#include <optional>
#include <span>
#include <string_view>

#include "ctl/render/unescaped_target.h"
#include "ctl/render/zeek_lines.h"
#include "ctl/render/zeek_logs.h"
#include "ctl/render/zeek_writer.h"
#include "proto/rows/fields.h"

namespace packetsentry::ctl::render {
namespace {

using rows::field;

constexpr ZeekField kHttpFields[] = {
    {"trans_depth", "count"},
    {"method", "string"},
    {"host", "string"},
    {"uri", "string"},
    {"referrer", "string"},
    {"version", "string"},
    {"user_agent", "string"},
    {"origin", "string"},
    {"request_body_len", "count"},
    {"response_body_len", "count"},
    {"status_code", "count"},
    {"status_msg", "string"},
    {"info_code", "count"},
    {"info_msg", "string"},
    {"tags", "set[enum]"},
    {"username", "string"},
    {"password", "string"},
    {"proxied", "set[string]"},
    {"orig_fuids", "vector[string]"},
    {"orig_filenames", "vector[string]"},
    {"orig_mime_types", "vector[string]"},
    {"resp_fuids", "vector[string]"},
    {"resp_filenames", "vector[string]"},
    {"resp_mime_types", "vector[string]"},
};
constexpr int kUnknownAtTheEnd = 9;  // from username on

constexpr std::uint64_t kSwitchingProtocols = 101, kNoContent = 204, kNotModified = 304;

class ZeekHttpLog {
  public:
    static constexpr std::string_view kPath = "http";
    static constexpr std::span<const ZeekField> kFields = kHttpFields;

    explicit ZeekHttpLog(ZeekLines& lines) : lines_(lines) {}

    void begin(const proto::BatchView& view) {
        depth_ = BatchColumn(view, field("packetsentry.http.depth"));
        method_ = BatchColumn(view, field("http.request.method"));
        host_ = BatchColumn(view, field("url.domain"));
        target_ = BatchColumn(view, field("url.original"));
        referrer_ = BatchColumn(view, field("http.request.referrer"));
        version_ = BatchColumn(view, field("http.version"));
        agent_ = BatchColumn(view, field("user_agent.original"));
        request_bytes_ = BatchColumn(view, field("packetsentry.http.request.content_length"));
        response_bytes_ = BatchColumn(view, field("packetsentry.http.response.content_length"));
        status_ = BatchColumn(view, field("http.response.status_code"));
        reason_ = BatchColumn(view, field("packetsentry.http.reason"));
        interim_status_ = BatchColumn(view, field("packetsentry.http.interim.status_code"));
        interim_reason_ = BatchColumn(view, field("packetsentry.http.interim.reason"));
    }

    void put_row(std::uint32_t row) {
        lines_.put_conversation(row);
        lines_.put_number(depth_.number(row));
        lines_.put_text(method_.text(row));
        // The target of CONNECT has a host too, but Zeek tells that of the header alone.
        lines_.put_text(method_.text(row) == "CONNECT" ? std::string_view() : host_.text(row));
        lines_.put_text(target_text_.of(target_.text(row)));
        lines_.put_text(referrer_.text(row));
        lines_.put_text(status_.has(row) ? version_.text(row) : std::string_view());
        lines_.put_text(agent_.text(row));
        lines_.put_unset();  // the origin
        lines_.put_number(request_bytes_.number(row).value_or(0));
        lines_.put_number(response_bytes(row));
        lines_.put_number(status_.number(row));
        put_reason(row);
        put_interim(row);
        lines_.put_empty();  // no tags
        for (int i = 0; i < kUnknownAtTheEnd; ++i) lines_.put_unset();
        lines_.end_line();
    }

  private:
    // RFC 9110 section 6.4.1 says which responses have no body, whatever length they give. A request without
    // a response has got no byte.
    std::optional<std::uint64_t> response_bytes(std::uint32_t row) {
        const auto status = status_.number(row);
        const bool none = !status || method_.text(row) == "HEAD" || *status == kSwitchingProtocols ||
                          *status == kNoContent || *status == kNotModified ||
                          (method_.text(row) == "CONNECT" && *status / 100 == 2);
        return none ? 0 : response_bytes_.number(row);
    }

    // Zeek has words for a response without any.
    void put_reason(std::uint32_t row) {
        if (reason_.has(row) || !status_.has(row)) return lines_.put_text(reason_.text(row));
        lines_.put("<empty>");
    }

    // Zeek calls 101 one of these, too.
    void put_interim(std::uint32_t row) {
        const bool switches = status_.number(row) == kSwitchingProtocols;
        lines_.put_number(switches ? kSwitchingProtocols : interim_status_.number(row));
        lines_.put_text(switches ? reason_.text(row) : interim_reason_.text(row));
    }

    ZeekLines& lines_;
    UnescapedTarget target_text_;
    BatchColumn depth_, method_, host_, target_, referrer_, version_, agent_;
    BatchColumn request_bytes_, response_bytes_, status_, reason_, interim_status_, interim_reason_;
};

}  // namespace

std::unique_ptr<RowWriter> make_zeek_http_log() {
    return std::make_unique<ZeekWriter<ZeekHttpLog>>();
}

}  // namespace packetsentry::ctl::render
