// Dissections become columns; a full batch is serialised once and never changed again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "daemon/capture/packet_source.h"
#include "daemon/dissect/dissection.h"
#include "daemon/flows/server_names.h"
#include "proto/messages/batch.pb.h"

namespace packetsentry::record {

// The last row of a batch may go beyond bytes and values by what one packet has. Together they keep a batch
// below what a reader takes (proto::kBatchFrameLimit), and the names of its addresses have only the room that
// is left.
struct BatchLimits {
    std::uint32_t rows = 4096;
    std::size_t bytes = 256 * 1024;      // of text columns
    std::size_t values = 128 * 1024;     // in all columns that only some rows have
    std::size_t captured = 1024 * 1024;  // bytes of packets
};

// One open batch at a time. No allocation per packet once its columns have grown.
class BatchBuilder {
  public:
    explicit BatchBuilder(BatchLimits limits = {});
    ~BatchBuilder();

    // The next row gets this number, from 1, and each other row one more than the row before. Without this
    // call, the first row of a builder gets the number 1. Call it while the open batch is empty.
    void number_from(std::uint64_t first_number);

    // Has the processor fetch what append() will look at. Whoever copies the packet between the two saves it
    // from waiting for memory.
    void prepare(const dissect::Dissection& dissection) const;
    // interfaces: the source's; the packet's index refers to it. interface_name, where not empty, is
    // used instead of the source's name (cooked captures tell the interface in the packet).
    void append(const capture::Packet& packet, const dissect::Dissection& dissection,
                std::span<const capture::SourceInterface> interfaces, std::string_view interface_name = {});

    // Appends rows of the open batch of another builder, from the row first on. Their packets' bytes are not
    // taken over. Call it only if has_room_for() says so.
    void append(const BatchBuilder& from, std::uint32_t first, std::uint32_t count);
    // Tells whether the open batch can have all rows of the open batch of another builder that has no higher
    // limits. An empty one always can. rows: as many as the limit permits.
    [[nodiscard]] bool has_room_for(const BatchBuilder& from) const;

    // From the next row on, rows have the bytes of their packets. Call it while the open batch is empty.
    void keep_captured();

    // Batches have the names of their addresses, as they are known when the batch is sealed: one look at each
    // address of the batch rather than of each row. names must outlive the last call.
    void take_names_from(const flows::ServerNames& names);

    [[nodiscard]] std::uint32_t rows() const;  // in the open batch
    // The number of its first row, which may be still to come.
    [[nodiscard]] std::uint64_t first_number() const;
    [[nodiscard]] bool full() const;

    // Serialises the open batch (a wire::Batch; rows() must not be 0) and begins the next. The bytes are
    // valid until the next call.
    [[nodiscard]] const std::string& seal();
    // The open batch as it would be sealed now, to be asked about. Valid until the next call. rows() must not
    // be 0. No row may be appended to this batch afterwards, so the next call is seal() or discard().
    [[nodiscard]] const wire::Batch& draft();
    // Forgets the open batch. Its rows keep their numbers, so the next batch begins behind them.
    void discard();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace packetsentry::record
