// The output of a job: a descriptor that its user opened, to which the job's workers write one after the
// other.
//
// Others may do anything to the file meanwhile. Its size shows whether somebody has truncated it: each worker
// appends to the file, so unless somebody truncates it, it is never shorter than everything that was written
// to it. Bytes that others append only make it longer. After a worker has died, the next one truncates the
// file to the size that was reported, which is not shorter either.
//
// How much was written is known from the workers' reports. But the latest report may count bytes that a full
// disk has just refused; the worker says so in its next message. So a report is believed when the next one
// has come, or when the worker has ended properly.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/base/unique_fd.h"

namespace packetsentry::workers {

// Returns the size of an ordinary file, as the kernel knows it, or nothing if fd is not an ordinary file.
// Never waits.
[[nodiscard]] std::optional<off_t> file_size(int fd);

// Identifies a file, whatever name it was opened by.
struct FileId {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;

    [[nodiscard]] bool operator==(const FileId&) const = default;
};

// Returns the identity of an ordinary file or a pipe, or nothing if fd is neither. Never waits.
[[nodiscard]] std::optional<FileId> file_id(int fd);
// Tells whether fd is an ordinary file that has no name any more, so that its content is lost when it is
// closed. Never waits.
[[nodiscard]] bool is_removed(int fd);
inline constexpr const char* kOutputRemoved = "the output file was removed";  // why saving ends then
// Tells whether an ordinary file is shorter than what was written to it, so that somebody must have truncated
// it. Returns false for a file system that another program or machine provides (daemon/base/local_file.h),
// because the kernel may know only an old size. Never waits.
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
    // Returns nothing if the output is not open, or is neither an ordinary file nor a pipe.
    [[nodiscard]] const std::optional<FileId>& id() const { return id_; }
    // Tells whether the file had a name when it was opened and has none any more.
    [[nodiscard]] bool removed() const { return named_ && is_removed(fd()); }
    // Tells whether the file is shorter than what is known to have been written to it.
    [[nodiscard]] bool truncated() const { return open() && is_truncated(fd(), written_ + confirmed_); }

    // Sets the name that the user gave. It is the file's path, if this process sees the file under the same
    // path.
    void named_as(const std::string& name);
    // Returns the file's new path, once each time after it was moved or renamed. The path is empty if this
    // process cannot tell under which name the user sees the file; then further moves are not reported. A
    // removed file does not count as moved. This asks no file system, and so never waits.
    [[nodiscard]] std::optional<std::string> take_move();

    // Sets what workers had written to it before this object was made.
    void written_before(std::uint64_t bytes) { written_ = bytes; }
    // Call this with each report of the present worker. bytes: how much it has written by then.
    void worker_reported(std::uint64_t bytes);
    // Call this when a worker has ended properly. bytes: how much it has written.
    void worker_ended(std::uint64_t bytes);

    // Call this when a worker is about to write, after it has emptied the file, if it had to do that. Returns
    // the size to which the worker must truncate the file first, if any.
    [[nodiscard]] std::optional<off_t> worker_begins();
    // Call this when a worker has died. It may have left an incomplete block, after which nothing could be
    // read, so an ordinary file must be truncated to the bytes that the worker reported. The next worker does
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
    std::optional<off_t> begin_;  // file size when the present worker began; none: not an ordinary file
    std::optional<off_t> whole_;  // size to which the next worker must truncate the file

    std::uint64_t written_ = 0;    // by the workers before the present one
    std::uint64_t confirmed_ = 0;  // by the present worker, according to a report that is believed
    std::uint64_t reported_ = 0;   // by the present worker, according to its latest report

    std::string path_;          // the latest path from the kernel; empty: moves are not watched
    std::string outside_;       // the part before path_ in the name that the user sees
    bool named_alike_ = false;  // the user sees the file as outside_ + path_
};

}  // namespace packetsentry::workers
