// What becomes of the packets' bytes: they are written to the job's output, where there is one, and counted.
// An output that is a pipe may have a slow reader, for whom bytes wait when the capture has ended.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "daemon/base/result.h"
#include "daemon/capture/file/capture_writer.h"
#include "daemon/capture/packet_source.h"
#include "daemon/worker/capture_mode.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::worker {

// In each function, interfaces are the source's.
class Saving {
  public:
    using Interfaces = std::span<const capture::SourceInterface>;

    // writer may be null: nothing is saved.
    Saving(CaptureMode mode, std::unique_ptr<capture::CaptureWriter> writer);

    // Before the first packet: the output is not to be written; or is empty, whoever was to be continued.
    void stop() { active_ = false; }
    void from_the_head() {
        if (writer_) writer_->from_the_head();
    }

    void save(const capture::Packet& packet, Interfaces interfaces) {
        if (writer_) write(packet, interfaces);
    }
    // Hands to the output what was saved so far.
    void flush(Interfaces interfaces);
    // Brings that to the disk.
    void sync();

    // After the last packet and the last flush(), at this wall clock time.
    void end(Interfaces interfaces, std::int64_t now_ns);
    // Then: bytes that a slow reader of a pipe has not taken, and the packets that are not whole without
    // them.
    [[nodiscard]] std::uint64_t bytes_waiting() const { return active_ ? writer_->bytes_waiting() : 0; }
    [[nodiscard]] std::uint64_t packets_waiting() const {
        return active_ ? writer_->packets() - writer_->packets_written() : 0;
    }
    // Gives them to the reader as it takes them, for so long.
    void go_on(std::chrono::milliseconds time);
    // Nobody waits for the reader any more: what it has not taken is not saved.
    void give_up() { given_up_ = packets_waiting(); }

    // The output has so many bytes; 0: no number of them is a limit.
    [[nodiscard]] bool has_reached(std::uint64_t file_bytes) const {
        return file_bytes != 0 && writer_ && writer_->bytes() >= file_bytes;
    }
    // Why the output takes no more; told once.
    [[nodiscard]] std::optional<base::Error> take_error();
    // Sets what a ledger says of saving.
    void count(wire::Ledger& ledger) const;

  private:
    void write(const capture::Packet& packet, Interfaces interfaces);
    void fail(base::Error error);

    CaptureMode mode_;
    std::unique_ptr<capture::CaptureWriter> writer_;
    bool active_;                  // false: there is no writer, or it gets no more packets
    std::uint64_t not_saved_ = 0;  // since it is not active
    std::uint64_t given_up_ = 0;   // packets left when nobody waited for the reader any more
    std::optional<base::Error> error_;
};

}  // namespace packetsentry::worker
