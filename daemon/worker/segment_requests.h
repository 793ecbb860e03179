// Asks the daemon for the segments that a question reads, one after the other.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "daemon/spool/search/job_search.h"
#include "daemon/worker/link.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::worker {

// The files of one segment: its rows, its packets, its index.
inline constexpr std::size_t kFilesOfSegmentToRead = 3;

class SegmentRequests {
  public:
    class Listener {
      public:
        virtual ~Listener() = default;

        // The next segment is about to be asked for. An error ends the search.
        [[nodiscard]] virtual base::Result<void> before_segment() = 0;
        // This segment is passed over.
        virtual void cannot_open(const wire::SegmentToRead& segment, const std::string& why) = 0;
    };

    // A segment that could not be read as a whole.
    struct Damaged {
        std::uint64_t job = 0;
        std::uint64_t counter = 0;
    };

    struct Counts {
        std::uint64_t segments = 0;
        std::uint64_t bytes = 0;  // of their rows files
        std::uint64_t with_index = 0;
    };

    // ahead: there is one stream, so its next segment is asked for while one is read, and nobody waits for
    // files to be opened. What comes stays unread until then, and so do its descriptors. Both must outlive
    // this object.
    SegmentRequests(Link& link, Listener& listener, bool ahead)
        : link_(link), listener_(listener), ahead_(ahead) {}

    // Hands over the segments of a stream. It must not outlive this object.
    [[nodiscard]] std::unique_ptr<spool::SegmentSupply> supply(std::uint32_t stream);

    // From now on, the segments of each stream come once more. They do not count again.
    void start_again();
    // Takes what was asked for and is not needed any more: a link with unread messages does not end in order.
    void take_rest();

    // The daemon is told the last one with the next request.
    void damaged(const Damaged& segment) { damaged_ = segment; }
    // Returns it once, if it was not told yet.
    [[nodiscard]] std::optional<Damaged> take_damaged() { return std::exchange(damaged_, std::nullopt); }

    [[nodiscard]] const Counts& counts() const { return counts_; }

  private:
    class Supply;

    [[nodiscard]] base::Result<void> want(std::uint32_t stream);
    [[nodiscard]] base::Result<std::optional<spool::SegmentFiles>> next(std::uint32_t stream);
    [[nodiscard]] base::Result<std::optional<spool::SegmentFiles>> open(const wire::SegmentToRead& segment,
                                                                        std::vector<base::UniqueFd> files);

    Link& link_;
    Listener& listener_;
    bool ahead_;
    bool wanted_ = false;  // a segment that has not come yet
    Counts counts_;
    std::optional<Damaged> damaged_;
    bool again_ = false;
    std::vector<bool> begun_again_;  // streams whose first segment was asked for once more
};

}  // namespace packetsentry::worker
