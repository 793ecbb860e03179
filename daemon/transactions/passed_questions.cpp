// How the questions of DNS that a worker knows pass on to the worker that follows it.
#include <algorithm>
#include <optional>

#include "daemon/dissect/application/dns_message.h"
#include "daemon/transactions/dns_question_fields.h"
#include "daemon/transactions/dns_questions.h"
#include "daemon/transactions/passed_parts.h"

namespace packetsentry::transactions {

// The number of the packet's row is not passed on, because it is one of another run.
template <typename Bytes>
void DnsQuestions::Question::pass(Bytes& bytes, std::int64_t& until_ns) {
    pass_tuple(bytes, packet.tuple);
    pass_time(bytes, packet.time_ns);
    pass_seen_on(bytes, packet.seen_on);
    pass_seen_on(bytes, answer_seen_on);
    bytes.number(until_ns);
    bytes.number(repeats);
    bytes.number(later_answers);
    bytes.number(id);
    bytes.flag(answered);
    bytes.flag(malformed);
    bytes.flag(incomplete);
    fields.pass(bytes);
}

bool DnsQuestions::give_away(std::string& to, std::size_t most) {
    flows::StateWriter bytes(to);
    for (const Questions::List* const list : {&waiting_, &answered_}) {
        for (; list->first != kNone; remove(list->first)) {
            if (to.size() >= most) return false;
            std::int64_t until_ns = questions_.until_ns(list->first);
            questions_[list->first].pass(bytes, until_ns);
        }
    }
    return true;
}

// The next worker has a secret of its own, so it computes again what is asked. The name and the type of a
// question always have room among what is stored.
std::optional<DnsQuestions::PassedQuestion> DnsQuestions::read(
    flows::StateReader& bytes, std::span<const std::uint32_t> interfaces) const {
    PassedQuestion passed;
    Question& one = passed.question;
    one.pass(bytes, passed.until_ns);
    const flows::FlowTuple& tuple = one.packet.tuple;
    if (!bytes.good() || !has_like_ends(tuple) || !one.fields.valid(kOfQuestion)) return std::nullopt;
    find_here(one.packet.seen_on, interfaces);
    find_here(one.answer_seen_on, interfaces);
    StoredFields::Room room;
    const auto fields = one.fields.fields(room);
    const auto of_class =
        std::ranges::find(fields, &rows::field("dns.question.class"), &dissect::Field::info);
    one.protocol = &dissect::dns_protocol_of_class(of_class == fields.end() ? "" : of_class->text);
    one.asked = hash_of_asked(fields);
    one.hash = hash_of(tuple, one.id);
    return passed;
}

bool DnsQuestions::adopt(std::string_view passed, std::span<const std::uint32_t> interfaces,
                         std::int64_t now_ns) {
    flows::StateReader bytes(passed);
    while (!bytes.at_end()) {
        const auto passed_one = read(bytes, interfaces);
        if (!passed_one) return false;
        const Question& one = passed_one->question;
        if (questions_.full() || find(one.packet.tuple, one.id, one.hash) != kNone) continue;
        const Index index = questions_.take_place();
        questions_[index] = one;
        index_.insert(one.hash, index);
        questions_.append_passed(list_of(one), index, passed_one->until_ns, now_ns, kPatience);
    }
    return true;
}

}  // namespace packetsentry::transactions
