// Zeek's dns.log: questions of DNS, each with its answer (the fields of DNS::Info).
//
// What Zeek does not tell is left out here as well. The question is what was seen of the question, so an
// answer alone has neither a type nor a class, and its name is that of its first record. The round trip,
// and the flags AA and RA, are those of an answer that has a record of the answer section, other than of
// types that Zeek's script passes over. A row has the flags of its last message: RD is repeated by a
// server, but TC and Z are those of the answer here, where Zeek has those of the question.
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ctl/render/zeek_dns_answers.h"
#include "ctl/render/zeek_dns_words.h"
#include "ctl/render/zeek_lines.h"
#include "ctl/render/zeek_logs.h"
#include "ctl/render/zeek_writer.h"
#include "proto/rows/fields.h"
#include "proto/rows/value_names.h"

namespace packetsentry::ctl::render {
namespace {

using rows::field;

constexpr ZeekField kDnsFields[] = {
    kTransportField,
    {"trans_id", "count"},
    {"rtt", "interval"},
    {"query", "string"},
    {"qclass", "count"},
    {"qclass_name", "string"},
    {"qtype", "count"},
    {"qtype_name", "string"},
    {"rcode", "count"},
    {"rcode_name", "string"},
    {"AA", "bool"},
    {"TC", "bool"},
    {"RD", "bool"},
    {"RA", "bool"},
    {"Z", "count"},
    {"answers", "vector[string]"},
    {"TTLs", "vector[interval]"},
    {"rejected", "bool"},
};

constexpr std::uint64_t kAuthoritative = 0x0400, kTruncated = 0x0200, kRecursionDesired = 0x0100;
constexpr std::uint64_t kRecursionAvailable = 0x0080;

// A column of texts that stand for numbers.
class NamedColumn {
  public:
    explicit NamedColumn(const rows::FieldInfo& field)
        : field_(field), numbers_(rows::named_numbers(field.path)) {}

    void begin(const proto::BatchView& view) { column_ = BatchColumn(view, field_); }
    [[nodiscard]] BatchColumn& column() { return column_; }
    [[nodiscard]] std::optional<std::uint32_t> number(std::uint32_t row) {
        return numbers_->number_of(column_.text(row));
    }

  private:
    const rows::FieldInfo& field_;
    const rows::NamedNumbers* numbers_;
    BatchColumn column_;
};

class ZeekDnsLog {
  public:
    static constexpr std::string_view kPath = "dns";
    static constexpr std::span<const ZeekField> kFields = kDnsFields;

    explicit ZeekDnsLog(ZeekLines& lines) : lines_(lines) {}

    void begin(const proto::BatchView& view) {
        view_ = &view;
        answers_.begin(view);
        outcome_ = BatchColumn(view, field("packetsentry.transaction.outcome"));
        id_ = BatchColumn(view, field("dns.id"));
        name_ = BatchColumn(view, field("dns.question.name"));
        flags_ = BatchColumn(view, field("packetsentry.dns.flags"));
        options_ = BatchColumn(view, field("packetsentry.dns.edns.version"));
        authorities_ = BatchColumn(view, field("packetsentry.dns.authorities.name"));
        additionals_ = BatchColumn(view, field("packetsentry.dns.additionals.name"));
        class_.begin(view);
        type_.begin(view);
        code_.begin(view);
    }

    void put_row(std::uint32_t row) {
        const bool answered = code_.column().has(row);
        const bool asked = !answered || outcome_.text(row) == "answered";
        // What a question has in its answer section, as those of multicast DNS do, answers nothing.
        if (answered)
            answers_.read(row);
        else
            answers_.clear();
        const bool noticed = answers_.noticed();
        lines_.put_conversation(row);
        lines_.put_transport(row);
        lines_.put_number(id_.number(row));
        put_round_trip(row, noticed);
        put_name(asked ? name_.text(row) : noticed ? answers_.first_owner(row) : std::string_view());
        put_named(asked ? class_.number(row) : std::nullopt, zeek_dns_class);
        put_named(asked ? type_.number(row) : std::nullopt, zeek_dns_type);
        put_named(code_.number(row), zeek_dns_code);
        put_flags(flags_.number(row).value_or(0), asked, noticed);
        answers_.put(lines_);
        lines_.put_truth(answered && !has_records(row));
        lines_.end_line();
    }

  private:
    // An answer at the very time of its question has no round trip for Zeek.
    void put_round_trip(std::uint32_t row, bool noticed) {
        const auto duration_ns = static_cast<std::int64_t>(view_->duration_ns(row));
        if (noticed && duration_ns != 0) return lines_.put_seconds(duration_ns);
        lines_.put_unset();
    }

    // The root has a name of no letters.
    void put_name(std::string_view name) {
        name_text_.clear();
        append_zeek_name(name_text_, name);
        if (name_text_.empty() && !name.empty()) return lines_.put_empty();
        lines_.put_text(name_text_.view());
    }

    void put_named(std::optional<std::uint32_t> number, std::string (*name)(std::uint32_t number)) {
        lines_.put_number(std::optional<std::uint64_t>(number));
        if (number) return lines_.put(name(*number));
        lines_.put_unset();
    }

    void put_flags(std::uint64_t flags, bool asked, bool noticed) {
        lines_.put_truth(noticed && (flags & kAuthoritative) != 0);
        lines_.put_truth(asked && (flags & kTruncated) != 0);
        lines_.put_truth(asked && (flags & kRecursionDesired) != 0);
        lines_.put_truth(noticed && (flags & kRecursionAvailable) != 0);
        lines_.put_number(asked ? flags >> 4 & 7 : 0);
    }

    // The option record is one, which rows have among the fields of the message.
    bool has_records(std::uint32_t row) {
        return answers_.any(row) || authorities_.has(row) || additionals_.has(row) || options_.has(row);
    }

    const proto::BatchView* view_ = nullptr;
    ZeekLines& lines_;
    ZeekDnsAnswers answers_;
    BatchColumn outcome_, id_, name_, flags_, options_, authorities_, additionals_;
    NamedColumn class_{field("dns.question.class")};
    NamedColumn type_{field("dns.question.type")};
    NamedColumn code_{field("dns.response_code")};
    TextBuffer name_text_;
};

}  // namespace

std::unique_ptr<RowWriter> make_zeek_dns_log() {
    return std::make_unique<ZeekWriter<ZeekDnsLog>>();
}

}  // namespace packetsentry::ctl::render
