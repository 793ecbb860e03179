// Writes chunks of whole blocks to a descriptor, compressed if that is asked for, and counts the blocks that
// have arrived there.
//
// If a write to an ordinary file fails, the file is cut back to its last whole block: a block that was only
// begun would make all of it a damaged file. If somebody else has truncated the file, nothing more is
// written, because the next block would stand behind a hole.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
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

    base::UniqueFd output_;
    bool ordinary_;
    bool size_is_known_;                            // this machine can tell it at once
    std::unique_ptr<OutputCompressor> compressor_;  // null: none
    OutputChunk packed_;                            // one block
    std::uint64_t written_ = 0;                     // bytes, by this object
    std::uint64_t written_back_ = 0;                // of them, the kernel was asked to write back so many
    std::uint64_t packets_synced_ = 0;
    std::atomic<bool> in_block_ = false;
    std::atomic<std::uint64_t> packets_written_ = 0;
    std::atomic<std::uint64_t> bytes_written_ = 0;
    std::atomic<std::uint64_t> bytes_taken_ = 0;
};

}  // namespace packetsentry::capture
