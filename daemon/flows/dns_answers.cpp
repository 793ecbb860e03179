#include "daemon/flows/dns_answers.h"

#include "daemon/flows/called_name.h"

namespace packetsentry::flows {
namespace {

using dissect::field;
using dissect::Field;
using dissect::FieldInfo;

constexpr const FieldInfo& kKind = field("dns.type");
constexpr const FieldInfo& kOperation = field("dns.op_code");
constexpr const FieldInfo& kResponseCode = field("dns.response_code");
constexpr const FieldInfo& kQuestionName = field("dns.question.name");
constexpr const FieldInfo& kQuestionClass = field("dns.question.class");
constexpr const FieldInfo& kAddress = field("dns.resolved_ip");
constexpr const FieldInfo& kName = field("dns.answers.name");
constexpr const FieldInfo& kData = field("dns.answers.data");

}  // namespace

// The header is told first, then the question.
DnsAnswers::DnsAnswers(const dissect::Dissection& dissection) : dissection_(dissection) {
    if (dissection.malformed || next_text(kKind) != "answer" || next_text(kOperation) != "QUERY" ||
        next_text(kResponseCode) != "NOERROR")
        return;
    const std::string_view question = next_text(kQuestionName);
    if (next_text(kQuestionClass) == "IN") name_ = expected_ = question;
}

std::string_view DnsAnswers::next_text(const FieldInfo& info) {
    const auto fields = dissection_.fields();
    while (at_ < fields.size())
        if (const Field& one = fields[at_++]; one.info == &info) return one.text;
    return {};
}

// The fields of a record follow each other (dissect/application/dns_record.h), behind its address if it has
// one.
const base::Address* DnsAnswers::next() {
    constexpr std::size_t kToData = 3;  // from the type
    const auto fields = dissection_.fields();
    const base::Address* address = nullptr;
    while (!name_.empty() && at_ + kToData + 1 < fields.size()) {
        const Field& one = fields[at_++];
        if (one.info == &kAddress) address = &one.address;
        if (one.info != &kName || fields[at_ + kToData].info != &kData) continue;
        const std::string_view type = fields[at_].text, data = fields[at_ + kToData].text;
        at_ += kToData + 1;
        // Most often it is the very text of the question.
        const bool same_text = one.text.data() == expected_.data() && one.text.size() == expected_.size();
        if (same_text || is_same_name(one.text, expected_)) {
            if (address != nullptr) return address;
            if (type == "CNAME") expected_ = data;
        }
        address = nullptr;
    }
    return nullptr;
}

}  // namespace packetsentry::flows
