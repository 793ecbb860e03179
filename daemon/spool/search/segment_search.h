// Searches one segment of the table of packets, through descriptors that somebody else has opened.
//
//   index ──plan──▶ blocks ──frames──▶ dictionary ──▶ columns ──▶ rows of the batch ──▶ FoundRows
//
// A block is read in place (proto/rows/batch_fields.h): first the addresses that it has at all, then the
// columns that the question needs, and of the rest only what the rows that were found have. It is parsed as a
// whole if that does not do, or if all its rows were found; what is wrong with it is reported then. So what
// no row that was found needs may be wrong, and what is given to others is checked by them (BatchView).
//
// Every file may hold any bytes. Whatever they are, the work is that of reading them once (twice without
// an index, if the order is reversed), and the memory that of one block: its frame, the batch that is
// parsed from it, and the rows that were found. That is about 2 MiB for the blocks that a writer makes.
// The longest frame has 4.6 MiB, and a forged batch of that length takes up to eight times as much once
// it is parsed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/spool/format/file_header.h"
#include "daemon/spool/search/found_rows.h"
#include "daemon/spool/search/frame_walk.h"
#include "daemon/spool/search/packet_file.h"
#include "daemon/spool/search/question.h"
#include "daemon/spool/search/spool_file.h"
#include "proto/messages/batch.pb.h"

namespace packetsentry::spool {

// The files of a segment, with their closed lengths.
struct SegmentFiles {
    SpoolFile rows = {};
    SpoolFile index = {};    // may be empty: then all blocks are looked at
    SpoolFile packets = {};  // may be empty: then there are rows alone
    // Retention has removed the packets, so that nothing is wrong where they are not there.
    bool packets_removed = false;
};

struct SearchCounts {
    std::uint64_t blocks = 0;        // with those that cannot be read
    std::uint64_t blocks_read = 0;   // looked at
    std::uint64_t blocks_aside = 0;  // left aside because of the index or of their times
    std::uint64_t rows_read = 0;     // of the blocks that were looked at
    std::uint64_t rows_found = 0;

    SearchCounts& operator+=(const SearchCounts& more);
    bool operator==(const SearchCounts&) const = default;
};

enum class SearchOrder : std::uint8_t { oldest_first, newest_first };

class SegmentSearch {
  public:
    // question must outlive the search. Error (file): the rows file is none, or has a newer version, or a
    // table that this program does not know, or cannot be read. The message does not name the file. A
    // file of packets that cannot be used counts as one that is not there.
    [[nodiscard]] static base::Result<SegmentSearch> open(SegmentFiles files, Question& question,
                                                          SearchOrder order);

    [[nodiscard]] const FileHeader& header() const { return header_; }
    // Complete at the end.
    [[nodiscard]] const SearchCounts& counts() const { return counts_; }

    // Returns the next rows that were found, at least one, or the next bytes that cannot be read; nothing
    // at the end. What is found comes in the order of the blocks, or in the reverse of it; the rows of a
    // block are in their own order in any case. Error (file): the kernel could not read.
    using Piece = std::variant<FoundRows, Unreadable>;
    [[nodiscard]] base::Result<std::optional<Piece>> next();

  private:
    SegmentSearch(SegmentFiles files, const FileHeader& header, Question& question);
    [[nodiscard]] base::Result<void> choose(SearchOrder order);
    [[nodiscard]] base::Result<void> choose_all(SearchOrder order);
    void choose_named(std::vector<Stretch> named, SearchOrder order);
    // Nothing: no row of the block was found.
    [[nodiscard]] std::optional<Piece> search(const Frame& frame);
    [[nodiscard]] std::optional<std::optional<Piece>> search_in_place(const Frame& frame,
                                                                      const proto::BatchView& view);
    [[nodiscard]] std::optional<Piece> search_parsed(const Frame& frame);
    [[nodiscard]] FoundRows found(const Frame& frame, const proto::BatchView& view,
                                  const std::vector<std::uint32_t>& rows) const;
    void count_passed_over();

    // The walk refers to the file, which therefore has a place of its own.
    std::unique_ptr<const SpoolFile> rows_;
    SpoolFile index_;
    std::shared_ptr<const PacketFile> packets_;
    bool packets_removed_;
    FileHeader header_;
    Question* question_;
    SoughtTimes times_;
    FrameWalk walk_;
    std::vector<Stretch> stretches_;  // to be walked through, in this order
    std::size_t next_stretch_ = 0;
    bool counts_blocks_ = false;  // the index has not told how many blocks there are
    std::uint32_t passed_over_ = 0;
    wire::Batch batch_;  // reused from block to block, because making a batch costs more than reading one
    SearchCounts counts_;
};

}  // namespace packetsentry::spool
