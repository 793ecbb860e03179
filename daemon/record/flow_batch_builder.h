// Conversations become the columns of a batch of TABLE_FLOWS, as packets become those of TABLE_PACKETS
// (batch_builder.h).
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/flows/flow.h"
#include "daemon/record/derived_batch_builder.h"

namespace packetsentry::record {

class FlowBatchBuilder final : public DerivedBatchBuilder {
  public:
    // with_direction: whether addresses tell who is local, which they do not if they are masked.
    explicit FlowBatchBuilder(bool with_direction);

    // rows() must be below kRowLimit. interface_name and link_type: of the interface on which the
    // conversation was seen first. lost: packets that the capture itself has lost until now, in all.
    void append(const flows::Flow& flow, flows::FlowReason reason, std::string_view interface_name,
                std::uint32_t link_type, std::uint64_t lost);

  private:
    void append_side(const flows::Flow& flow, bool of_originator);
    void append_tcp(const flows::Flow& flow);
    void append_facts(const flows::Flow& flow, flows::FlowReason reason);
    void append_names(const flows::Flow& flow);

    bool with_direction_;
};

// "ended", "lasts": packetsentry.flow.reason.
[[nodiscard]] std::string_view reason_word(flows::FlowReason reason);

}  // namespace packetsentry::record
