// Has the packets written to the job's output, if there is one, and counts them. In a live capture a thread
// writes (capture/file/output_thread.h), so that nothing here waits for a disk or for the reader of a pipe.
// When the capture has ended, bytes may still wait for them. While they accept too little for too long,
// packets are not saved; this is counted, and told when it begins and when it is over.
//
// If the packets are saved to several files, the worker asks for each file when the one before it is
// full. Packets that come meanwhile wait for it as they wait for a slow disk, so none is lost and none is
// in two files.
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

    // Saves to several files. next_file: opens the next one, where packets of a file are saved
    // (OutputBuffer::change_files_by()); a live capture asks by wants_file(). Call it before begin().
    void limit_files(const wire::FileLimits& limits, capture::OutputBuffer::NextFile next_file);
    // Call it before the first packet. continued: another worker has written to the output; then the
    // first packet goes to the next file.
    void begin(Clock::time_point now, bool continued);
    // In a live capture, ends a file whose time is over. Call it now and then, and at file_due() at the
    // latest.
    void look(Clock::time_point now, Interfaces interfaces);
    [[nodiscard]] std::optional<Clock::time_point> file_due() const {
        return active_ ? file_due_ : std::nullopt;
    }
    // Returns true once for each file that is to be asked for.
    [[nodiscard]] bool wants_file();
    // A file was asked for, and is not there yet.
    [[nodiscard]] bool awaits_file() const { return asked_; }
    // A file has ended, and the next one will have to be asked for in a moment.
    [[nodiscard]] bool changes_file() const { return active_ && !asked_ && writer_->output().changes_file(); }
    // Takes the file that was asked for, as in OutputThread::give_file().
    void give_file(base::Result<base::UniqueFd> next);
    // Before begin(): writes to this file in place of the output.
    void replace_output(base::UniqueFd output);
    // Nobody is left who could open another file: what there is goes to the present one.
    void stay_in_file();

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

    // Nothing more is saved. end() does this too.
    void complete();

  private:
    void write(const capture::Packet& packet, Interfaces interfaces);
    [[nodiscard]] bool is_full(const capture::Packet& packet) const;
    void end_file(Interfaces interfaces, std::int64_t now_ns);
    void begin_file(Clock::time_point now);
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
    capture::OutputFile::Ended ended_;
    SlowOutput slow_;
    std::optional<base::Error> error_;

    std::optional<wire::FileLimits> limits_;  // none: there is one file
    std::optional<Clock::time_point> file_due_;
    std::optional<std::int64_t> file_ends_ns_;  // in a file that is read, by the times of packets
    bool asked_ = false;                        // for a file
};

}  // namespace packetsentry::worker
