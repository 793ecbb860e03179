// Conversations become the columns of a batch of TABLE_FLOWS, as packets become those of TABLE_PACKETS
// (batch_builder.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/flows/flow.h"
#include "proto/messages/batch.pb.h"

namespace packetsentry::record {

// One open batch at a time.
class FlowBatchBuilder {
  public:
    static constexpr std::uint32_t kRowLimit = 4096;
    static constexpr std::size_t kTextLimit = 1024 * 1024;  // bytes

    // with_direction: whether addresses tell who is local, which they do not if they are masked.
    explicit FlowBatchBuilder(bool with_direction);
    ~FlowBatchBuilder();

    // rows() must be below kRowLimit. interface_name and link_type: of the interface on which the
    // conversation was seen first. lost: packets that the capture itself has lost until now, in all.
    void append(const flows::Flow& flow, flows::FlowReason reason, std::string_view interface_name,
                std::uint32_t link_type, std::uint64_t lost);

    // As in BatchBuilder. Each is valid until the next call.
    void number_from(std::uint64_t first_number);
    [[nodiscard]] std::uint32_t rows() const;  // in the open batch
    // The number that the next row gets.
    [[nodiscard]] std::uint64_t next_number() const;
    // What its rows have of text columns. Names come from strangers, and all together may not be longer than
    // a reader takes (proto::kBatchFrameLimit).
    [[nodiscard]] std::size_t text_bytes() const;
    [[nodiscard]] const std::string& seal();
    [[nodiscard]] const wire::Batch& draft();
    // Forgets the open batch. Its rows keep their numbers, so the next batch begins behind them.
    void discard();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// "ended", "lasts": packetsentry.flow.reason.
[[nodiscard]] std::string_view reason_word(flows::FlowReason reason);

}  // namespace packetsentry::record
