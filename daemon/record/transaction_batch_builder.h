// Questions with their answers become the columns of a batch of their table, as packets become those of
// TABLE_PACKETS (batch_builder.h).
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/record/derived_batch_builder.h"
#include "daemon/transactions/transaction.h"

namespace packetsentry::record {

class TransactionBatchBuilder final : public DerivedBatchBuilder {
  public:
    explicit TransactionBatchBuilder(wire::Table table) : DerivedBatchBuilder(table), table_(table) {}

    // rows() must be below kRowLimit. interface_name and link_type: of the interface on which the first
    // packet was seen.
    void append(const transactions::Transaction& transaction, std::string_view interface_name,
                std::uint32_t link_type);

  private:
    [[nodiscard]] bool append_fields(const transactions::Transaction& transaction);

    wire::Table table_;
};

}  // namespace packetsentry::record
