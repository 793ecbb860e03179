#include "daemon/transactions/dns_questions.h"

#include <netinet/in.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/flows/called_name.h"
#include "daemon/transactions/dns_question_fields.h"

namespace packetsentry::transactions {
namespace {

using dissect::Dissection;
using dissect::Field;
using dissect::field;
using flows::FlowTuple;

bool is_record(const Field& one) {
    return one.info == &field("dns.answers.name") ||
           one.info == &field("packetsentry.dns.authorities.name") ||
           one.info == &field("packetsentry.dns.additionals.name");
}

FlowTuple turned(FlowTuple tuple) {
    std::swap(tuple.source, tuple.destination);
    return tuple;
}

bool has_ends(const FlowTuple& one, const FlowTuple& other) {
    return one.source == other.source && one.destination == other.destination &&
           one.ip_protocol == other.ip_protocol;
}

// What is the same of a transaction in each case.
Transaction transaction_of(const DnsPacket& packet, const dissect::Protocol* protocol) {
    return {.tuple = packet.tuple,
            .begin_ns = packet.time_ns.value_or(0),
            .end_ns = packet.time_ns.value_or(0),
            .seen_on = packet.seen_on,
            .has_time = packet.time_ns.has_value(),
            .protocol = protocol};
}

// By the name in small letters: a client may mix them, and servers exist that do not give them back as they
// were. A longer name is not one of DNS.
std::uint64_t hash_of_question(std::string_view name, std::string_view type, std::uint64_t seed) {
    std::array<char, 1024> room;
    const std::size_t size = std::min(name.size(), room.size());
    std::ranges::transform(name.substr(0, size), room.begin(), flows::small_letter);
    return XXH3_64bits_withSeed(type.data(), type.size(), XXH3_64bits_withSeed(room.data(), size, seed));
}

}  // namespace

DnsQuestions::DnsQuestions(std::uint64_t seed, TransactionSink& sink, std::size_t most)
    : seed_(seed), sink_(sink), questions_(most) {}

bool DnsQuestions::may_be(const Dissection& dissection) {
    const std::string_view name = dissection.protocol->name;
    return name == "dns" || name == "mdns" || name == "llmnr";
}

std::uint64_t DnsQuestions::hash_of_asked(std::span<const Field> fields) const {
    std::string_view name, type;
    for (const Field& one : fields) {
        if (one.info == &field("dns.question.name")) name = one.text;
        if (one.info == &field("dns.question.type")) type = one.text;
    }
    return hash_of_question(name, type, seed_);
}

// Nothing: the header could not be read.
std::optional<DnsQuestions::Heading> DnsQuestions::heading_of(const Dissection& dissection) const {
    Heading heading;
    bool known = false, has_error = false, has_records = false;
    std::string_view name, type;
    for (const Field& one : dissection.fields_of_first_message()) {
        if (one.info == &field("dns.id")) {
            heading.id = static_cast<std::uint16_t>(one.number);
            known = true;
        }
        if (one.info == &field("dns.type")) heading.is_answer = one.text == "answer";
        if (one.info == &field("dns.response_code")) has_error = one.text != "NOERROR";
        if (one.info == &field("dns.question.name")) name = one.text;
        if (one.info == &field("dns.question.type")) type = one.text;
        has_records = has_records || is_record(one);
        if (has_records) break;  // they come last
    }
    if (!known) return std::nullopt;
    heading.asks_nothing = type.empty();
    heading.refuses = heading.is_answer && has_error && heading.asks_nothing && !has_records;
    heading.asked = hash_of_question(name, type, seed_);
    return heading;
}

std::uint32_t DnsQuestions::hash_of(const FlowTuple& tuple, std::uint16_t id) const {
    return static_cast<std::uint32_t>(flows::FlowKey(tuple).hash(seed_ + id));
}

DnsQuestions::Index DnsQuestions::find(const FlowTuple& tuple, std::uint16_t id, std::uint32_t hash) const {
    return index_.find(hash, [&](Index index) {
        const Question& one = questions_[index];
        return one.id == id && has_ends(one.packet.tuple, tuple);
    });
}

DnsQuestions::Index DnsQuestions::find_live(const FlowTuple& tuple, std::uint16_t id, std::uint32_t hash,
                                            std::int64_t now_ns) {
    const Index found = find(tuple, id, hash);
    if (found == kNone || !questions_.is_over(found, now_ns)) return found;
    end(found, Outcome::unanswered);
    return kNone;
}

void DnsQuestions::take(const Dissection& dissection, const DnsPacket& packet, std::int64_t now_ns) {
    advance(now_ns, 1);
    const auto heading = heading_of(dissection);
    if (!heading) return;
    if (dissection.protocol->name != "dns") {
        Transaction alone = transaction_of(packet, dissection.protocol);
        (heading->is_answer ? alone.response_packet : alone.request_packet) = packet.number;
        alone.malformed = dissection.first_message_malformed();
        alone.incomplete = dissection.first_message_incomplete();
        alone.request = dissection.fields_of_first_message();
        return sink_.transaction(alone);
    }
    if (heading->is_answer) return take_answer(dissection, packet, *heading, now_ns);
    take_question(dissection, packet, *heading, now_ns);
}

void DnsQuestions::take_question(const Dissection& dissection, const DnsPacket& packet,
                                 const Heading& heading, std::int64_t now_ns) {
    const std::uint32_t hash = hash_of(packet.tuple, heading.id);
    if (const Index before = find_live(packet.tuple, heading.id, hash, now_ns); before != kNone) {
        Question& one = questions_[before];
        const bool again = one.asked == heading.asked;
        if (again && one.packet.seen_on != packet.seen_on) return;
        if (again && !one.answered) {
            ++one.repeats;
            questions_.unlink(waiting_, before);
            return questions_.append(waiting_, before, later(now_ns, kPatience));
        }
        end(before, Outcome::unanswered);
    }
    make_room();
    const Index index = questions_.take_place();
    Question& one = questions_[index];
    one.packet = packet;
    one.asked = heading.asked;
    one.hash = hash;
    one.repeats = one.later_answers = 0;
    one.id = heading.id;
    one.answered = false;
    one.malformed = dissection.first_message_malformed();
    one.protocol = dissection.protocol;
    const auto fields = dissection.fields_of_first_message();
    one.incomplete = !one.fields.store(fields, kOfQuestion) || std::ranges::any_of(fields, is_record) ||
                     dissection.first_message_incomplete();
    index_.insert(hash, index);
    questions_.append(waiting_, index, later(now_ns, kPatience));
}

bool DnsQuestions::is_known(Question& question, const DnsPacket& answer) {
    const bool goes_on = question.packet.tuple.ip_protocol == IPPROTO_TCP;
    if (goes_on || question.answer_seen_on != answer.seen_on) return true;
    if (question.later_answers == 0) return false;
    --question.later_answers;
    return true;
}

void DnsQuestions::take_answer(const Dissection& dissection, const DnsPacket& packet, const Heading& heading,
                               std::int64_t now_ns) {
    DnsPacket asking = packet;
    asking.tuple = turned(packet.tuple);
    const Index index = find_live(asking.tuple, heading.id, hash_of(asking.tuple, heading.id), now_ns);
    Question* const one = index == kNone ? nullptr : &questions_[index];
    const bool goes_on = one != nullptr && one->answered && heading.asks_nothing;
    const bool belongs = one != nullptr && (heading.refuses || goes_on || one->asked == heading.asked);
    if (belongs && one->answered && is_known(*one, packet)) return;
    const bool first = belongs && !one->answered;
    Transaction transaction = transaction_of(first ? one->packet : asking, dissection.protocol);
    transaction.outcome = first ? Outcome::answered : Outcome::unasked;
    transaction.response_packet = packet.number;
    transaction.malformed = dissection.first_message_malformed();
    transaction.incomplete = dissection.first_message_incomplete();
    transaction.response = dissection.fields_of_first_message();
    if (!first) return sink_.transaction(transaction);
    transaction.has_time = transaction.has_time && packet.time_ns.has_value();
    transaction.begin_ns = transaction.has_time ? transaction.begin_ns : 0;
    transaction.end_ns = transaction.has_time ? *packet.time_ns : 0;
    transaction.request_packet = one->packet.number;
    transaction.repeats = one->repeats;
    transaction.malformed |= one->malformed;
    transaction.incomplete |= one->incomplete;
    StoredFields::Room room;
    transaction.request = one->fields.fields(room, kOnlyOfQuestion);
    sink_.transaction(transaction);
    questions_.unlink(waiting_, index);
    one->answered = true;
    one->later_answers = one->repeats;
    one->answer_seen_on = packet.seen_on;
    questions_.append(answered_, index, later(now_ns, kPatience));
}

void DnsQuestions::advance(std::int64_t now_ns, std::size_t most) {
    for (Questions::List* const list : {&waiting_, &answered_})
        for (std::size_t left = most; left != 0 && questions_.is_first_over(*list, now_ns); --left)
            end(list->first, Outcome::unanswered);
}

bool DnsQuestions::finish(std::int64_t now_ns, std::size_t most) {
    for (; most != 0 && waiting_.first != kNone; --most) {
        const bool waited = questions_.is_first_over(waiting_, now_ns);
        end(waiting_.first, waited ? Outcome::unanswered : Outcome::stopped);
    }
    return waiting_.first == kNone;
}

// A question that was answered has its row already.
void DnsQuestions::end(Index index, Outcome outcome) {
    const Question& one = questions_[index];
    if (!one.answered) {
        StoredFields::Room room;
        Transaction transaction = transaction_of(one.packet, one.protocol);
        transaction.outcome = outcome;
        transaction.request_packet = one.packet.number;
        transaction.repeats = one.repeats;
        transaction.malformed = one.malformed;
        transaction.incomplete = one.incomplete;
        transaction.request = one.fields.fields(room);
        sink_.transaction(transaction);
    }
    remove(index);
}

void DnsQuestions::make_room() {
    if (!questions_.full()) return;
    if (answered_.first != kNone) return remove(answered_.first);
    ++evicted_;
    end(waiting_.first, Outcome::evicted);
}

void DnsQuestions::remove(Index index) {
    index_.erase(questions_[index].hash, index);
    questions_.unlink(list_of(questions_[index]), index);
    questions_.release(index);
}

}  // namespace packetsentry::transactions
