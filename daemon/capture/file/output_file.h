// Writes chunks of whole blocks to a descriptor, compressed if that is asked for, and counts the blocks that
// have arrived there.
//
// If a write to an ordinary file fails, the file is cut back to its last whole block: a block that was only
// begun would make all of it a damaged file. If somebody else has truncated the file, nothing more is
// written, because the next block would stand behind a hole.
//
// The packets of a capture may be written to several files, one after the other. Then change_to()
// completes one file and begins the next.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/capture/file/output_chunk.h"
#include "daemon/capture/file/output_compressor.h"

namespace packetsentry::capture {

// One thread writes. The counts may be read by another one. The process must ignore SIGPIPE.
class OutputFile {
  public:
    OutputFile(base::UniqueFd output, Compression compression);

    [[nodiscard]] bool ordinary() const { return ordinary_; }
    [[nodiscard]] bool compresses() const { return compressor_ != nullptr; }

    // Writes the chunk. Waits as long as the output takes nothing; but if give_up is not null, a pipe is
    // waited for only until that is true. Error: file; nothing may be written or synced after it.
    [[nodiscard]] base::Result<void> write(const OutputChunk& chunk, const std::atomic<bool>* give_up);

    // Completes the file, and goes on in this one, which is emptied. It must be an ordinary file. synced:
    // the one that is complete must be on the disk. Error: file, as for write().
    [[nodiscard]] base::Result<void> change_to(base::UniqueFd next, bool synced);
    // The caller has decided to go on in the present file, though it was full.
    void stay();
    // Takes this descriptor instead, before anything was written.
    void replace(base::UniqueFd output) { output_ = std::move(output); }
    // Writes what the format of the compression needs at the end of a file. Nothing may be written after
    // it. Error: file.
    [[nodiscard]] base::Result<void> complete(const std::atomic<bool>* give_up);

    // Has the kernel begin to write to the disk what it has kept in memory since the last call, if that is
    // much. Without this the kernel keeps far more, and then holds up a write for seconds.
    void begin_write_back();

    // Has everything written to the disk. Error: file, for good: what a later call says of the same bytes
    // would be no news of them. What was written since the last success then does not count as written.
    [[nodiscard]] base::Result<void> sync();

    [[nodiscard]] std::uint64_t packets_written() const { return packets_written_; }
    // The bytes on the output whose blocks are whole there.
    [[nodiscard]] std::uint64_t bytes_written() const { return bytes_written_; }
    // The output may end in the middle of a block, because a write hangs, or was given up there.
    [[nodiscard]] bool in_block() const { return in_block_; }
    // How much of the chunks the output has taken, before compression, and also of a block that is not whole.
    [[nodiscard]] std::uint64_t bytes_taken() const { return bytes_taken_; }
    // These bytes of a chunk are not to be written after all.
    void leave_out(std::size_t bytes) { bytes_taken_ += bytes; }

    // The files that change_to() has completed. To be asked before bytes_written(), which then includes
    // these bytes.
    struct Ended {
        std::uint64_t files = 0;
        std::uint64_t bytes = 0;    // of all of them
        std::uint64_t changes = 0;  // calls of change_to() and stay()
        std::uint64_t bytes_at_change = 0;
    };
    [[nodiscard]] Ended ended() const;

  private:
    [[nodiscard]] base::Result<void> write_bytes(std::span<const std::byte> bytes, std::size_t& written,
                                                 const std::atomic<bool>* give_up);
    [[nodiscard]] bool waits_for_pipe(const std::atomic<bool>* give_up) const;
    [[nodiscard]] bool is_truncated() const;
    [[nodiscard]] bool reaches_disk();
    [[nodiscard]] std::size_t keep_whole_blocks(const OutputChunk& chunk, std::size_t written) const;
    std::size_t count(const OutputChunk& chunk, std::size_t written);
    [[nodiscard]] base::Result<void> write_as_it_is(const OutputChunk& chunk,
                                                    const std::atomic<bool>* give_up);
    [[nodiscard]] base::Result<void> pack(const OutputChunk& chunk);
    void begin_to_pack();

    base::UniqueFd output_;
    bool ordinary_;
    bool size_is_known_;                            // this machine can tell it at once
    std::unique_ptr<OutputCompressor> compressor_;  // null: none
    OutputChunk packed_;                            // one block
    bool packs_ = false;                            // a piece of this file was packed
    std::uint64_t written_ = 0;                     // bytes, by this object
    std::uint64_t written_back_ = 0;                // of them, the kernel was asked to write back so many
    std::uint64_t packets_synced_ = 0;
    std::atomic<bool> in_block_ = false;
    std::atomic<std::uint64_t> packets_written_ = 0;
    std::atomic<std::uint64_t> bytes_written_ = 0;
    std::atomic<std::uint64_t> bytes_taken_ = 0;
    mutable std::mutex ended_mutex_;  // for ended_
    Ended ended_;
};

}  // namespace packetsentry::capture
