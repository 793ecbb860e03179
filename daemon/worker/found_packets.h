// Writes the packets of rows that were found to the client's output.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/capture/file/capture_writer.h"
#include "daemon/capture/packet_source.h"
#include "daemon/spool/search/found_rows.h"
#include "proto/messages/search.pb.h"

namespace packetsentry::worker {

class FoundPackets {
  public:
    // writer: null if no packets are written.
    explicit FoundPackets(std::unique_ptr<capture::CaptureWriter> writer) : writer_(std::move(writer)) {}

    // What the head of the output says about what follows. Call it before the first packet.
    void put_comments(std::vector<std::string> comments);
    // Error (file): the output takes no more, or the packets cannot be read.
    [[nodiscard]] base::Result<void> save(const spool::FoundRows& found);
    // Writes what is left, and behind it these comments, with those about packets that could not be written.
    // An output without a packet has the head of a capture file.
    [[nodiscard]] base::Result<void> finish(std::vector<std::string> comments);

    void count(wire::SearchCounts& counts) const;

  private:
    // The number of the interface in the output.
    [[nodiscard]] std::uint32_t interface_of(std::uint64_t job, const wire::Interface& interface);

    std::unique_ptr<capture::CaptureWriter> writer_;
    std::vector<capture::SourceInterface> interfaces_;
    std::map<std::tuple<std::uint64_t, std::string, std::uint32_t>, std::uint32_t> numbers_;
    std::uint64_t saved_ = 0;
    std::uint64_t not_stored_ = 0;
    std::uint64_t unreadable_ = 0;
};

// Adds the bytes of the packets of these rows to a batch of the same rows, if all are there: a batch has
// those of each row or none.
void add_packet_bytes(const spool::FoundRows& found, wire::Batch& batch);

}  // namespace packetsentry::worker
