// A thread that writes to the output, so that whoever gives it the packets never waits for a disk or for the
// reader of a pipe.
//
// Chunks wait in a queue of limited size. A disk that stalls for seconds costs nothing; when the queue is
// full, its owner refuses packets (output_buffer.h). The thread owns nothing alone: a write to a disk that
// does not answer cannot be interrupted, so the owner leaves a thread that hangs to the end of the process.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/capture/file/output_chunk.h"
#include "daemon/capture/file/output_file.h"

namespace packetsentry::capture {

class OutputThread {
  public:
    // Starts the thread, with all signals blocked. A process that filters its system calls does that before.
    explicit OutputThread(std::shared_ptr<OutputFile> file);
    // Gives up what still waits.
    ~OutputThread();
    OutputThread(const OutputThread&) = delete;
    OutputThread& operator=(const OutputThread&) = delete;

    // Puts a chunk at the end of the queue, and returns an empty one, whose memory may have been used before.
    [[nodiscard]] OutputChunk give(OutputChunk chunk);
    // Nothing waits in the queue: at most one chunk is being written.
    [[nodiscard]] bool queue_is_empty() const;

    // A chunk that ends its file was written, and the thread waits for give_file(). Then nothing below
    // waits for the thread.
    [[nodiscard]] bool wants_file() const;
    // The file in which the thread goes on; one that is not open: it goes on in the present file. An
    // error: why there is none; it becomes the error of the thread. Only if wants_file().
    void give_file(base::Result<base::UniqueFd> next);

    // Asks for a sync behind all that was given until now. One that was asked for before is not put off.
    void ask_sync();
    // Waits until everything that was given is written, for at most this time. False: something is left.
    [[nodiscard]] bool written_within(std::chrono::milliseconds time);
    // Waits until everything is done that was asked for, for at most this time. False: something is left.
    [[nodiscard]] bool done_within(std::chrono::milliseconds time);

    // The thread writes nothing more of what waits. A write that hangs may still end later.
    void give_up();

    // The error with which a write or a sync has failed. Nothing is written after that.
    [[nodiscard]] base::Result<void> state() const;

  private:
    struct Shared;
    static void work(const std::shared_ptr<Shared>& shared);

    std::shared_ptr<Shared> shared_;
    std::thread thread_;
};

}  // namespace packetsentry::capture
