// Where a job's packets are saved: a descriptor its user passed, over all the workers that write to it.
//
// Others may do anything to the file meanwhile. That somebody truncated it is known by its size: each worker
// writes behind what is there, so a file that nobody truncates is never shorter than all that was written to
// it. Whatever others append to it makes it longer at most, and a worker that has died is followed by one
// that truncates the file behind what was reported, which is no less. What was written is known from the
// workers' reports, but the latest report of each may count bytes that a full disk has just refused. The
// worker says so in the message that follows, so a report is believed when the next one has come, or when the
// worker has ended in order.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/base/unique_fd.h"

namespace packetsentry::workers {

// Returns the size of an ordinary file, as the kernel knows it, and nothing where fd is not one. Never waits.
[[nodiscard]] std::optional<off_t> file_size(int fd);

// Which file it is, by whatever name it was opened.
struct FileId {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;

    [[nodiscard]] bool operator==(const FileId&) const = default;
};

// Tells which ordinary file or pipe this is; returns nothing where fd is neither. Never waits.
[[nodiscard]] std::optional<FileId> file_id(int fd);
// An ordinary file that has no name any more: what is written to it is lost when it is closed. Never waits.
[[nodiscard]] bool is_removed(int fd);
inline constexpr const char* kOutputRemoved = "the output file was removed";  // why saving ends then
// Tells whether an ordinary file is shorter than what was written to it, so that somebody has truncated it. A
// file system for which somebody else answers (daemon/base/local_file.h) is not believed, because the size
// that is known of its files may be an old one. Never waits.
[[nodiscard]] bool is_truncated(int fd, std::uint64_t written);
inline constexpr const char* kOutputTruncated =
    "the output file was truncated by somebody else; it no longer has all that was saved to it";

class Output {
  public:
    Output() = default;
    explicit Output(base::UniqueFd descriptor);

    [[nodiscard]] bool open() const { return descriptor_.get() >= 0; }
    [[nodiscard]] int fd() const { return descriptor_.get(); }
    void close() { *this = Output(); }
    // None where it is not open.
    [[nodiscard]] const std::optional<FileId>& id() const { return id_; }
    // It had a name when it was opened, and has none any more.
    [[nodiscard]] bool removed() const { return named_ && is_removed(fd()); }
    // It lacks some of what is known to have been written to it.
    [[nodiscard]] bool truncated() const { return open() && is_truncated(fd(), written_ + confirmed_); }

    // Sets what its user calls the file: its present path, where this process sees the file under that too.
    void named_as(const std::string& name);
    // Returns the file's new path, once after each time that it was moved or renamed. It is empty where
    // nobody here can tell the name that the user sees; then nothing is told of further moves. A removed file
    // was not moved. Asks no file system, and so never waits.
    [[nodiscard]] std::optional<std::string> take_move();

    // Sets what workers had written to it before this object was made.
    void written_before(std::uint64_t bytes) { written_ = bytes; }
    // To be called with each report of the present worker: so many bytes has it written by then.
    void worker_reported(std::uint64_t bytes);
    // To be called when a worker has ended in order, having written so many bytes.
    void worker_ended(std::uint64_t bytes);

    // To be called when a worker is about to write; by then it has emptied the file, if it was to do that.
    // Returns the size to which the worker must truncate the file first, if any.
    [[nodiscard]] std::optional<off_t> worker_begins();
    // To be called when a worker has died. It may have left a part of a block, behind which nobody could
    // read, so an ordinary file is to be truncated behind the bytes that it reported. The next worker does
    // that, because it can take long.
    void worker_died(std::uint64_t reported_bytes);

    // Returns the size to which the next worker must truncate the file, if any. cut_at() sets it, for example
    // to what was stored before the daemon was restarted.
    [[nodiscard]] std::optional<off_t> to_cut() const { return whole_; }
    void cut_at(std::optional<off_t> bytes) { whole_ = bytes; }

  private:
    base::UniqueFd descriptor_;
    std::optional<FileId> id_;
    bool named_ = false;
    std::optional<off_t> begin_;  // where the present worker began; none: no ordinary file
    std::optional<off_t> whole_;  // where the next one is to begin

    std::uint64_t written_ = 0;    // by the workers before the present one
    std::uint64_t confirmed_ = 0;  // by the present worker, according to a report that is believed
    std::uint64_t reported_ = 0;   // by the present worker, according to its latest report

    std::string path_;          // as the kernel told it last; empty: moves are not watched
    std::string outside_;       // stands before path_ in the name that the user sees
    bool named_alike_ = false;  // the user sees the file as outside_ + path_
};

}  // namespace packetsentry::workers
