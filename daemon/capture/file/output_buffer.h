// Collects the blocks of a capture file in chunks, and has them written to the output: at once by the
// caller's thread, or by a thread of their own (output_thread.h).
//
// With a thread of their own the caller never waits. What the output does not take waits in memory; when that
// is full, packets are refused, whole, and counted.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/capture/file/output_chunk.h"
#include "daemon/capture/file/output_file.h"
#include "daemon/capture/file/output_thread.h"

namespace packetsentry::capture {

class OutputBuffer {
  public:
    // What may wait for a disk that stalls, and for the reader of a pipe.
    static constexpr std::size_t kFileBacklog = 64U << 20;
    static constexpr std::size_t kPipeBacklog = 16U << 20;

    // What is compressed waits for so long that a piece is worth it. Until then its packets are not saved.
    static constexpr std::chrono::seconds kPieceAge{1};

    // The process must ignore SIGPIPE.
    explicit OutputBuffer(base::UniqueFd output, Compression compression = Compression::none);

    // Starts the thread that writes. Call it before the first flush, and before system calls are filtered.
    void write_in_background();
    [[nodiscard]] bool to_ordinary_file() const { return file_->ordinary(); }

    // Tells whether there is room for another packet. If there is none, the packet counts as refused.
    [[nodiscard]] bool has_room() {
        const bool room = !thread_ || bytes_waiting() < backlog_;
        refused_ += room ? 0 : 1;
        return room;
    }

    // A block is put in pieces, or appended to block(), and then ended. packet: it counts as one.
    void put(std::span<const std::byte> bytes) {
        open_.bytes.insert(open_.bytes.end(), bytes.begin(), bytes.end());
    }
    [[nodiscard]] std::vector<std::byte>& block() { return open_.bytes; }
    void end_block(bool packet);
    [[nodiscard]] bool full() const { return open_.full(); }

    // Writes all blocks, or gives them to the thread that writes. While that has much to do, a few stay here
    // until the next call. Error: file, for good. The thread's error is told as soon as it is known.
    [[nodiscard]] base::Result<void> hand_over();
    // Does that, and gives the thread a moment to write them, which is enough unless the output stalls. Then
    // these packets are saved before anybody is told of them.
    [[nodiscard]] base::Result<void> flush();
    // As hand_over(), and waits for the thread until everything is written and synced, for at most this time.
    [[nodiscard]] base::Result<void> flush_within(std::chrono::milliseconds time);
    // Has all that was flushed written to the disk, or asks the thread for it. Error: file, for good.
    [[nodiscard]] base::Result<void> sync();
    // Has nothing more written. Error: file, also one that is known only now.
    [[nodiscard]] base::Result<void> give_up();
    // After give_up(): the output may end in the middle of a block, so that nobody may write behind it.
    [[nodiscard]] bool in_block() const { return file_->in_block(); }

    // All that was put until now belongs to one file, and the rest to another one. What is put next must
    // begin with the head of a file.
    void end_file();
    // The open block is the head of a file.
    void end_head() {
        open_.head_bytes = open_.bytes.size();
        end_block(false);
    }
    // Without a thread: called when a file has ended, to open the next one, as in
    // OutputThread::give_file().
    using NextFile = std::function<base::Result<base::UniqueFd>()>;
    void change_files_by(NextFile next) { next_file_ = std::move(next); }
    // With a thread, that waits for the next file: see OutputThread.
    [[nodiscard]] bool wants_file() const { return thread_ && thread_->wants_file(); }
    void give_file(base::Result<base::UniqueFd> next) { thread_->give_file(std::move(next)); }
    // A file was ended, and the thread does not write to the next one yet.
    [[nodiscard]] bool changes_file() const { return file_->ended().changes != changes_; }
    // Takes this descriptor instead, before anything is put.
    void replace(base::UniqueFd output) { file_->replace(std::move(output)); }
    // What was put since the last file was ended, or since the beginning. Compressed bytes count once
    // they are written.
    [[nodiscard]] std::uint64_t packets_of_file() const { return packets_ - packets_before_; }
    [[nodiscard]] std::uint64_t bytes_of_file() const;
    [[nodiscard]] OutputFile::Ended ended() const { return file_->ended(); }
    // Nothing more is put, and the output ends with what was put: it is completed, once.
    void complete();

    // The error of flush() or sync(). Nothing may be put after it.
    [[nodiscard]] const base::Result<void>& state() const { return state_; }

    [[nodiscard]] std::uint64_t packets() const { return packets_; }          // all that were put
    [[nodiscard]] std::uint64_t packets_refused() const { return refused_; }  // not among them
    [[nodiscard]] std::uint64_t packets_written() const { return file_->packets_written(); }
    // The bytes of the output, with all that waits, unless it is compressed: nobody knows what that will be.
    [[nodiscard]] std::uint64_t bytes() const {
        return file_->compresses() ? file_->bytes_written() : bytes_;
    }
    [[nodiscard]] std::uint64_t bytes_written() const { return file_->bytes_written(); }  // whole blocks
    [[nodiscard]] std::uint64_t bytes_waiting() const { return bytes_ - file_->bytes_taken(); }
    // Nothing waits, for the output or for the disk.
    [[nodiscard]] bool settled();

  private:
    [[nodiscard]] bool is_worth_a_piece() const;
    void give_to_thread();
    void write_here();
    void change_here();
    void begin_piece();
    void fail(base::Result<void> state);

    std::shared_ptr<OutputFile> file_;
    std::optional<OutputThread> thread_;
    std::size_t backlog_;
    bool completed_ = false;
    bool stalls_ = false;  // the moment was not enough, and something still waits
    OutputChunk open_;
    std::chrono::steady_clock::time_point piece_due_;  // of open_, if that is compressed
    std::size_t block_begin_ = 0;                      // in open_
    std::uint64_t packets_ = 0;
    std::uint64_t refused_ = 0;
    std::uint64_t bytes_ = 0;
    std::uint64_t changes_ = 0;         // files that were ended
    std::uint64_t packets_before_ = 0;  // the present file
    std::uint64_t bytes_before_ = 0;
    NextFile next_file_;
    bool stays_ = false;  // the next chunk goes to the file that was to end
    base::Result<void> state_;
};

}  // namespace packetsentry::capture
