// Searches the segments of one job, one after the other.
#pragma once

#include <optional>

#include "daemon/base/result.h"
#include "daemon/spool/search/found_rows.h"
#include "daemon/spool/search/segment_search.h"

namespace packetsentry::spool {

// Hands over the segments of a job.
class SegmentSupply {
  public:
    virtual ~SegmentSupply() = default;

    // Returns the next segment in the order of the search; nothing after the last one. It is asked when
    // the segment before has been searched, so that few descriptors are open.
    [[nodiscard]] virtual base::Result<std::optional<SegmentFiles>> next() = 0;
};

// Is told what a search could not read. The search goes on.
class SearchNotes {
  public:
    virtual ~SearchNotes() = default;

    // segment: the header of the rows file that has these bytes.
    virtual void cannot_read(const FileHeader& segment, const Unreadable& bytes) = 0;
    // A whole segment, or what is left of it. error: SegmentSearch's.
    virtual void cannot_search(const base::Error& error) = 0;
};

// Rows that come in some order, such as those of a job.
class RowStream {
  public:
    virtual ~RowStream() = default;

    // Returns the next rows, at least one; nothing at the end.
    [[nodiscard]] virtual base::Result<std::optional<FoundRows>> next() = 0;
};

class JobSearch : public RowStream {
  public:
    // All three must outlive the search.
    JobSearch(SegmentSupply& supply, SearchNotes& notes, Question& question, SearchOrder order)
        : supply_(supply), notes_(notes), question_(question), order_(order) {}

    // Error: the supply's.
    [[nodiscard]] base::Result<std::optional<FoundRows>> next() override;
    // What was searched in all segments up to the present one.
    [[nodiscard]] SearchCounts counts() const;

  private:
    // False: there is no further segment.
    [[nodiscard]] base::Result<bool> begin_segment();
    // Nothing: the segment has nothing more.
    [[nodiscard]] std::optional<FoundRows> next_of_segment();
    void end_segment();

    SegmentSupply& supply_;
    SearchNotes& notes_;
    Question& question_;
    SearchOrder order_;
    std::optional<SegmentSearch> segment_;
    SearchCounts counts_;  // of the segments before
};

}  // namespace packetsentry::spool
