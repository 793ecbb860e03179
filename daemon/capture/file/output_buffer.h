// Buffered blocks on their way to a descriptor, and how many of them got there whole.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::capture {

// After a failed write an ordinary file is cut back to its last whole block; the buffer takes no more.
// Neither does it where somebody else has truncated the file. The process must ignore SIGPIPE.
//
// A pipe whose reader hangs is waited for, unless it is told never to: then what the pipe does not take
// stays here, up to kBacklog, and packets beyond that are refused, whole, and counted.
class OutputBuffer {
  public:
    static constexpr std::size_t kBacklog = 16U << 20;

    explicit OutputBuffer(base::UniqueFd output);

    void never_wait() { waits_ = ordinary_; }
    // Room for another packet; where there is none, it counts as refused.
    [[nodiscard]] bool has_room() {
        const bool room = waits_ || buffer_.size() < kBacklog;
        refused_ += room ? 0 : 1;
        return room;
    }

    // A block is put in pieces and ended; packet: it counts as one.
    void put(std::span<const std::byte> bytes) { buffer_.insert(buffer_.end(), bytes.begin(), bytes.end()); }
    void end_block(bool packet);

    [[nodiscard]] bool full() const { return buffer_.size() >= kBytes; }
    // Everything, or what can be written without waiting. Error: file, for good.
    [[nodiscard]] base::Result<void> flush();
    // What is left of it, waiting for so long.
    [[nodiscard]] base::Result<void> flush_within(std::chrono::milliseconds time);

    // All that was written of an ordinary file to the disk. A failure is for good: what a later call says
    // of the same bytes would be no news of them, and what was written since the last is not counted as such.
    [[nodiscard]] base::Result<void> sync();

    // What flush() or sync() failed with; nothing is to be put after that.
    [[nodiscard]] const base::Result<void>& state() const { return state_; }

    [[nodiscard]] std::uint64_t packets() const { return packets_; }
    [[nodiscard]] std::uint64_t packets_written() const { return packets_written_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    [[nodiscard]] std::uint64_t packets_refused() const { return refused_; }
    [[nodiscard]] bool empty() const { return buffer_.empty(); }
    [[nodiscard]] std::uint64_t bytes_waiting() const { return buffer_.size() - written_; }

  private:
    static constexpr std::size_t kBytes = 1U << 20;

    struct Block {
        std::size_t end;  // in buffer_
        bool packet;
    };

    [[nodiscard]] base::Result<void> write_all();
    [[nodiscard]] bool reaches_disk();
    [[nodiscard]] bool takes_now() const;
    [[nodiscard]] bool is_truncated() const;
    void keep_whole_blocks();
    void forget_written();

    base::UniqueFd output_;
    bool ordinary_;
    bool size_is_known_;  // at once, and as it is
    bool waits_ = true;
    std::vector<std::byte> buffer_;
    std::vector<Block> blocks_;
    std::size_t block_begin_ = 0;
    std::size_t written_ = 0;  // of buffer_
    std::uint64_t packets_ = 0;
    std::uint64_t packets_written_ = 0;
    std::uint64_t packets_synced_ = 0;
    std::uint64_t bytes_ = 0;
    std::uint64_t refused_ = 0;
    base::Result<void> state_;
};

}  // namespace packetsentry::capture
