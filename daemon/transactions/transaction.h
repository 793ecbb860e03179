// A question with its answer, as it was seen on the wire.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "daemon/dissect/dissection.h"
#include "proto/flows/flow_key.h"

namespace packetsentry::transactions {

enum class Outcome : std::uint8_t {
    unpaired,    // its protocol does not say which message answers which
    answered,    // the first answer has come
    unanswered,  // no answer came for long
    unasked,     // an answer to no question that waits for one
    stopped,     // the capture ended before there was an answer
    evicted,     // there was no room to wait for the answer any longer
};

// "answered", "unanswered": packetsentry.transaction.outcome. Empty: there is nothing to say.
[[nodiscard]] std::string_view outcome_word(Outcome outcome);

// On which interface something was seen, as FlowPacket has both.
struct SeenOn {
    std::uint32_t interface = 0;
    std::uint32_t interface_index = 0;

    bool operator==(const SeenOn& other) const = default;
};

// What it refers to lives as long as the call that it is passed to.
struct Transaction {
    Outcome outcome = Outcome::unpaired;
    flows::FlowTuple tuple = {};  // from who asks to who is asked; as it was on the wire where it is unpaired
    std::int64_t begin_ns = 0;    // of the question, or of what there is
    std::int64_t end_ns = 0;      // of the answer, or of what there is
    std::uint64_t request_packet = 0;  // the number of the packet's row; 0: it has none, or was not seen
    std::uint64_t response_packet = 0;
    std::uint32_t repeats = 0;  // of the question, before it was answered
    SeenOn seen_on = {};        // its first packet
    bool has_time = true;       // otherwise a packet has none, and both times are 0
    const dissect::Protocol* protocol = nullptr;
    bool malformed = false;   // a message is
    bool incomplete = false;  // a message has more than the fields say
    std::span<const dissect::Field> request = {};
    std::span<const dissect::Field> response = {};
};

class TransactionSink {
  public:
    virtual ~TransactionSink() = default;
    virtual void transaction(const Transaction& transaction) = 0;
};

}  // namespace packetsentry::transactions
