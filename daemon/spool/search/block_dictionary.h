// What can be told about a block before it is parsed: which addresses its rows have at all. Most blocks
// that are read have no row with the address that is asked for, and parsing costs more than reading.
#pragma once

#include <optional>
#include <string_view>

#include "daemon/spool/format/byte_reader.h"
#include "daemon/spool/search/index_plan.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::spool {

// The dictionary of addresses of a serialized wire::Batch, read in place. Refers to the bytes.
class BlockDictionary {
  public:
    // Nothing: the bytes are no batch. They are no message of protobuf, or the dictionary does not fit
    // together, or there are more messages inside of the batch than any has. Parsing these would take
    // many times the memory of the bytes.
    [[nodiscard]] static std::optional<BlockDictionary> find(Bytes batch);
    // That of a batch whose fields were found already.
    explicit BlockDictionary(const proto::BatchView& view)
        : BlockDictionary(view.fields().address, view.fields().address_size) {}

    // False: none of the rows can be among those that the plan asks for.
    [[nodiscard]] bool may_have(const IndexPlan& plan) const;

  private:
    BlockDictionary(std::string_view addresses, std::string_view sizes)
        : addresses_(addresses), sizes_(sizes) {}
    [[nodiscard]] bool has_address(const KeyRange& range) const;

    std::string_view addresses_;  // one behind the other
    std::string_view sizes_;      // of each address, a byte
};

}  // namespace packetsentry::spool
