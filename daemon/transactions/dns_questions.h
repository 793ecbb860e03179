// Puts the questions of DNS together with their answers.
//
// An answer belongs to a question if it goes the other way between the same two ends, has the same
// identifier, and repeats the question, which only a server that could not read it need not do (RFC 1035
// section 4.1, RFC 5452 section 9.1). A question that is sent again while it has no answer is the same
// question. If it is answered as often as it was asked, only the first answer counts. That also holds for a
// zone transfer, whose answer is many messages over TCP, of which the later ones may leave the question out
// (RFC 5936 section 2.2). Another question with the identifier of one that waits takes its place, because no
// client has two of them between the same ends. A packet that is seen on several interfaces is one packet, so
// what comes again on another interface counts once. Multicast DNS and LLMNR have answers that come from
// several hosts or from nobody, or that nobody has asked for, so each of their messages is a row by itself.
//
// Bounded whatever is on the wire: so many questions wait, and none for longer than kPatience. Those that
// were answered stay for as long, so that further answers are known for what they are. If there is no room
// for another question, the oldest of these goes first, then the one that has waited longest.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/flows/hashed_index.h"
#include "daemon/flows/state_bytes.h"
#include "daemon/transactions/aged_entries.h"
#include "daemon/transactions/stored_fields.h"
#include "daemon/transactions/transaction.h"
#include "proto/flows/flow_key.h"

namespace packetsentry::transactions {

// A packet with a message of DNS.
struct DnsPacket {
    flows::FlowTuple tuple = {};  // in the direction of the packet
    std::optional<std::int64_t> time_ns = {};
    std::uint64_t number = 0;  // of the packet's row
    SeenOn seen_on = {};
};

class DnsQuestions {
  public:
    static constexpr std::size_t kMost = 16384;  // questions that are known: about 15 MiB
    // A resolver gives up after 10 s (BIND, resolver-query-timeout), and whoever asks it sooner.
    static constexpr std::chrono::nanoseconds kPatience = std::chrono::seconds(10);

    // seed: secret. sink must outlive this object.
    DnsQuestions(std::uint64_t seed, TransactionSink& sink, std::size_t most = kMost);

    // Tells whether the packet has a message that take() takes.
    [[nodiscard]] static bool may_be(const dissect::Dissection& dissection);
    // Takes what the first message says. No more than kEndedByMessage transactions are over then. now_ns:
    // never less than before; for a live capture of a clock that nobody sets, for a file the time of its
    // packets.
    void take(const dissect::Dissection& dissection, const DnsPacket& packet, std::int64_t now_ns);
    static constexpr std::size_t kEndedByMessage = 3;
    // Ends questions that wait no longer, but no more than this number at a time.
    void advance(std::int64_t now_ns, std::size_t most = kEndedTogether);
    static constexpr std::size_t kEndedTogether = 256;
    // The capture is over: ends what still waits, the oldest first, but no more than this number. Returns
    // whether that was all.
    [[nodiscard]] bool finish(std::int64_t now_ns, std::size_t most);

    // A live capture is over, and another worker goes on with it. Appends the questions that are known to
    // bytes, those that wait first, until these are so long, and forgets them. Returns whether that was all.
    [[nodiscard]] bool give_away(std::string& to, std::size_t most);
    static constexpr std::size_t kMostPassed = StoredFields::kBytes + 128;  // bytes of one question
    // Takes what another object has given away. interfaces: the number here of each interface there. False:
    // the rest cannot be read.
    [[nodiscard]] bool adopt(std::string_view passed, std::span<const std::uint32_t> interfaces,
                             std::int64_t now_ns);

    [[nodiscard]] std::size_t waiting() const { return waiting_.count; }
    [[nodiscard]] std::uint64_t evicted() const { return evicted_; }

  private:
    using Index = std::uint32_t;
    static constexpr Index kNone = flows::HashedIndex::kNone;

    // What a message says that decides which one it belongs to.
    struct Heading {
        bool is_answer = false;
        bool asks_nothing = false;
        bool refuses = false;  // an answer without the question, of a server that could not read it
        std::uint16_t id = 0;
        std::uint64_t asked = 0;  // of the name, in small letters, and the type
    };
    struct Question {
        template <typename Bytes>
        void pass(Bytes& bytes, std::int64_t& until_ns);

        DnsPacket packet;
        std::uint64_t asked = 0;
        std::uint32_t hash = 0;
        std::uint32_t repeats = 0;
        std::uint32_t later_answers = 0;  // that may come still; the question was answered
        SeenOn answer_seen_on;            // the first one
        std::uint16_t id = 0;
        bool answered = false;
        bool malformed = false;
        bool incomplete = false;
        const dissect::Protocol* protocol = nullptr;
        StoredFields fields;
    };
    using Questions = AgedEntries<Question>;

    // What is asked, by the last question that the fields have.
    [[nodiscard]] std::uint64_t hash_of_asked(std::span<const dissect::Field> fields) const;
    [[nodiscard]] std::optional<Heading> heading_of(const dissect::Dissection& dissection) const;
    [[nodiscard]] std::uint32_t hash_of(const flows::FlowTuple& tuple, std::uint16_t id) const;
    // tuple: from who asks to who is asked. There is at most one question with this identifier.
    [[nodiscard]] Index find(const flows::FlowTuple& tuple, std::uint16_t id, std::uint32_t hash) const;
    // A question whose time is over is ended, and not found.
    [[nodiscard]] Index find_live(const flows::FlowTuple& tuple, std::uint16_t id, std::uint32_t hash,
                                  std::int64_t now_ns);
    void take_question(const dissect::Dissection& dissection, const DnsPacket& packet, const Heading& heading,
                       std::int64_t now_ns);
    void take_answer(const dissect::Dissection& dissection, const DnsPacket& packet, const Heading& heading,
                     std::int64_t now_ns);
    // Tells whether another answer to a question that was answered adds nothing to it.
    [[nodiscard]] static bool is_known(Question& question, const DnsPacket& answer);
    struct PassedQuestion {
        Question question;
        std::int64_t until_ns = 0;
    };
    // None: it is none.
    [[nodiscard]] std::optional<PassedQuestion> read(flows::StateReader& bytes,
                                                     std::span<const std::uint32_t> interfaces) const;
    void end(Index index, Outcome outcome);
    void make_room();
    [[nodiscard]] Questions::List& list_of(const Question& question) {
        return question.answered ? answered_ : waiting_;
    }
    void remove(Index index);

    std::uint64_t seed_;
    TransactionSink& sink_;
    Questions questions_;
    flows::HashedIndex index_;
    Questions::List waiting_, answered_;
    std::uint64_t evicted_ = 0;
};

}  // namespace packetsentry::transactions
