#include "daemon/flows/dns_answers.h"

#include "daemon/flows/called_name.h"

namespace packetsentry::flows {
namespace {

using dissect::field;
using dissect::Field;
using dissect::FieldInfo;

constexpr const FieldInfo& kOperation = field("dns.op_code");
constexpr const FieldInfo& kResponseCode = field("dns.response_code");
constexpr const FieldInfo& kQuestionName = field("dns.question.name");
constexpr const FieldInfo& kQuestionClass = field("dns.question.class");
constexpr const FieldInfo& kAddress = field("dns.resolved_ip");
constexpr const FieldInfo& kName = field("dns.answers.name");
constexpr const FieldInfo& kType = field("dns.answers.type");
constexpr const FieldInfo& kData = field("dns.answers.data");

// What an answer must say of itself. Only an answer has a code.
struct Head {
    std::string_view operation, code, name, question_class;

    explicit Head(const dissect::Dissection& dissection) {
        for (const Field& one : dissection.fields()) {
            if (one.info == &kOperation) operation = one.text;
            if (one.info == &kResponseCode) code = one.text;
            if (one.info == &kQuestionName) name = one.text;
            if (one.info == &kQuestionClass) question_class = one.text;
            if (one.info == &kName) return;  // records follow the questions
        }
    }
    [[nodiscard]] bool good() const {
        return operation == "QUERY" && code == "NOERROR" && question_class == "IN";
    }
};

}  // namespace

DnsAnswers::DnsAnswers(const dissect::Dissection& dissection) : dissection_(dissection) {
    const Head head(dissection);
    if (dissection.malformed || !head.good()) return;
    name_ = expected_ = head.name;
}

// The fields of a record follow each other; its address comes before them, and its data is the last.
const base::Address* DnsAnswers::next() {
    const auto fields = dissection_.fields();
    const base::Address* address = nullptr;
    std::string_view owner, type;
    while (at_ < fields.size() && !name_.empty()) {
        const Field& one = fields[at_++];
        if (one.info == &kAddress) address = &one.address;
        if (one.info == &kName) owner = one.text;
        if (one.info == &kType) type = one.text;
        if (one.info != &kData) continue;
        const bool expected = is_same_name(owner, expected_);
        if (expected && address != nullptr) return address;
        if (expected && type == "CNAME") expected_ = one.text;
        address = nullptr;
    }
    return nullptr;
}

}  // namespace packetsentry::flows
