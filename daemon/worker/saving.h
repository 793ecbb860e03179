// Has the packets written to the job's output, if there is one, and counts them. In a live capture a thread
// writes (capture/file/output_thread.h), so that nothing here waits for a disk or for the reader of a pipe.
// When the capture has ended, bytes may still wait for them. While they accept too little for too long,
// packets are not saved; this is counted, and told when it begins and when it is over.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "daemon/base/result.h"
#include "daemon/capture/file/capture_writer.h"
#include "daemon/capture/packet_source.h"
#include "daemon/worker/capture_mode.h"
#include "daemon/worker/slow_output.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::worker {

// In each function, interfaces are those of the source.
class Saving {
  public:
    using Interfaces = std::span<const capture::SourceInterface>;
    using Clock = std::chrono::steady_clock;

    // writer: null if nothing is saved.
    Saving(CaptureMode mode, std::unique_ptr<capture::CaptureWriter> writer);

    // Call these before the first packet. stop(): the output must not be written. from_the_head(): the output
    // is empty, so its header must be written, even if the output was to be continued.
    void stop() { active_ = false; }
    void from_the_head() {
        if (writer_) writer_->from_the_head();
    }

    void save(const capture::Packet& packet, Interfaces interfaces) {
        if (writer_) write(packet, interfaces);
    }
    // Writes the packets saved so far to the output.
    void flush(Interfaces interfaces);
    // Has them written to the disk.
    void sync();

    // Ends saving at this wall clock time. Call it after the last packet and the last flush().
    void end(Interfaces interfaces, std::int64_t now_ns);
    // After end(): tells whether everything is where it belongs. Until then, the bytes that the output has
    // not accepted, and the packets that are incomplete without them.
    [[nodiscard]] bool settled() { return !active_ || writer_->output().settled(); }
    [[nodiscard]] std::uint64_t bytes_waiting() const {
        return active_ ? writer_->output().bytes_waiting() : 0;
    }
    [[nodiscard]] std::uint64_t packets_waiting() const {
        return active_ ? writer_->output().packets() - writer_->output().packets_written() : 0;
    }
    // The output is an ordinary file, and not a pipe.
    [[nodiscard]] bool to_file() const { return writer_ && writer_->output().to_ordinary_file(); }
    // Waits for the output for at most this time.
    void go_on(std::chrono::milliseconds time);
    // Waits no longer: packets that the output has not accepted count as not saved. followed: another worker
    // may go on in the output. If that ends in the middle of a packet, saving fails, so that none does.
    void give_up(bool followed);

    // Tells whether the output has this number of bytes; 0 means no limit.
    [[nodiscard]] bool has_reached(std::uint64_t file_bytes) const {
        return file_bytes != 0 && writer_ && writer_->output().bytes() >= file_bytes;
    }
    // Returns why the output accepts no more, once.
    [[nodiscard]] std::optional<base::Error> take_error();
    // Returns a text for the user, once: packets are not saved because the output is too slow, or this is
    // over.
    [[nodiscard]] std::optional<std::string> take_news(Clock::time_point now);
    // Sets the counts of saved packets in a ledger.
    void count(wire::Ledger& ledger) const;

  private:
    void write(const capture::Packet& packet, Interfaces interfaces);
    void fail(base::Error error);
    void keep_counts();

    CaptureMode mode_;
    std::unique_ptr<capture::CaptureWriter> writer_;
    bool active_;                  // false: there is no writer, or it gets no more packets
    std::uint64_t not_saved_ = 0;  // since it is not active
    std::uint64_t given_up_ = 0;   // packets left when nobody waited for the output any more
    bool counts_kept_ = false;     // saved_ and saved_bytes_ are final
    std::uint64_t saved_ = 0;
    std::uint64_t saved_bytes_ = 0;
    SlowOutput slow_;
    std::optional<base::Error> error_;
};

}  // namespace packetsentry::worker
