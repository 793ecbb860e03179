#include "daemon/worker/row_repair.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "daemon/capture/file/file_source.h"
#include "daemon/dissect/dissect.h"
#include "daemon/spool/format/packet_places.h"
#include "daemon/spool/format/rows_reader.h"
#include "daemon/spool/write/row_block.h"

namespace packetsentry::worker {
namespace {

constexpr std::uint32_t kBlockRows = 4096;
constexpr std::uint64_t kBlockPacketBytes = 8U << 20;  // in the pcapng
constexpr std::size_t kReadAtOnce = 1000;

// A frame that can be read, and what it says about packets: they stand from begin to end - 1 in the pcapng.
struct WholeFrame {
    spool::Frame frame = {};
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    bool behind_damage = false;  // something between it and the frame before cannot be read
};

std::uint64_t last_number(const WholeFrame& whole) {
    return whole.frame.facts.first_number + whole.frame.facts.rows - 1;
}

// Reads the frames of a file, in which each must follow the one before by its numbers and its packets.
class OldRows {
  public:
    OldRows(spool::Bytes file, const spool::FileHeader& header) {
        auto reader = spool::RowsReader::open(file);
        damaged_end_ = !reader || reader->header() != header;
        if (damaged_end_) return;
        while (const auto next = reader->next()) {
            if (*next && add(**next, header.table)) continue;
            const bool partial = !*next && next->error().problem == spool::FrameProblem::partial;
            newer_ = newer_ || (!*next && next->error().problem == spool::FrameProblem::unknown_encoding);
            damaged_end_ = !partial;
            damage_ = true;
        }
    }

    [[nodiscard]] const std::vector<WholeFrame>& frames() const { return frames_; }
    // What stands behind the last frame cannot be read, and is more than a block that was not written to its
    // end.
    [[nodiscard]] bool damaged_end() const { return damaged_end_; }
    // A newer program wrote some blocks, which nothing is wrong with.
    [[nodiscard]] bool newer() const { return newer_; }

  private:
    // False: nobody can read the block.
    [[nodiscard]] bool add(const spool::Frame& frame, std::uint32_t table) {
        if (!batch_.ParseFromArray(frame.payload.data(), static_cast<int>(frame.payload.size())))
            return false;
        const auto view = proto::BatchView::check(batch_);
        if (!view || !spool::matches(frame.facts, table, *view)) return false;
        WholeFrame whole{.frame = frame, .behind_damage = damage_};
        whole.begin = whole.end = frames_.empty() ? 0 : frames_.back().end;
        std::vector<std::uint32_t> rows(view->rows());
        std::iota(rows.begin(), rows.end(), 0U);
        const auto places = spool::packet_places(frame, *view, rows);
        bool first = true;
        for (const spool::PacketPlace& place : places) {
            if (place.bytes == 0) continue;
            if (std::exchange(first, false)) whole.begin = place.offset;
            whole.end = place.offset + spool::packet_block_bytes(place.bytes);
        }
        if (!frames_.empty() &&
            (whole.begin < frames_.back().end || frame.facts.first_number <= last_number(frames_.back())))
            return false;
        frames_.push_back(whole);
        damage_ = damaged_end_ = false;
        return true;
    }

    std::vector<WholeFrame> frames_;
    bool damage_ = false;  // behind the last frame
    bool damaged_end_ = false;
    bool newer_ = false;
    wire::Batch batch_;
};

// Takes the packets of the pcapng in their order, and writes the new file.
class RepairedRows : public capture::PacketSink {
  public:
    RepairedRows(const OldRows& old, capture::PacketSource& packets, const RowRepairOrder& order)
        : old_(old),
          packets_(packets),
          order_(order),
          run_(old.frames().empty() ? order.run : old.frames().front().frame.facts.run),
          next_number_(order.first_number),
          seed_(order.header.seed()),
          file_(spool::encode(order.header)) {}

    bool packet(const capture::Packet& packet) override {
        const std::uint64_t end = packets_.counters().position;
        const std::uint64_t bytes =
            spool::packet_block_bytes(static_cast<std::uint32_t>(packet.frame.size()));
        if (end > order_.packets_bytes || end < bytes) return false;
        const std::uint64_t place = end - bytes;
        keep_frames_up_to(place);
        if (place >= covered_end_) make_row(packet, place);
        return !failed_;
    }
    [[nodiscard]] bool failed() const { return failed_; }

    // Nothing: the old file is not worse.
    [[nodiscard]] std::optional<std::string> finish() {
        keep_frames_up_to(std::numeric_limits<std::uint64_t>::max());
        end_block();
        const bool all_there = order_.rows != 0 ? rows_ >= order_.rows : !old_.damaged_end();
        if (failed_ || made_ == 0 || !all_there) return std::nullopt;
        return std::move(file_);
    }

  private:
    [[nodiscard]] const WholeFrame* next_frame() const {
        return next_ == old_.frames().size() ? nullptr : &old_.frames()[next_];
    }

    void keep_frames_up_to(std::uint64_t place) {
        for (const WholeFrame* whole = next_frame(); whole != nullptr && whole->begin <= place;
             whole = next_frame()) {
            keep(*whole);
            ++next_;
        }
    }

    // Rows that were lost before it must all have been made again, since nothing tells of them any more.
    void keep(const WholeFrame& whole) {
        end_block();
        spool::BlockFacts facts = whole.frame.facts;
        failed_ = failed_ || (whole.behind_damage && next_number_ != facts.first_number);
        facts.block = blocks_++;
        std::vector<std::uint32_t> stored(whole.frame.stored.size() / sizeof(std::uint32_t));
        for (std::uint32_t row = 0; row < stored.size(); ++row) stored[row] = whole.frame.stored_bytes(row);
        const auto kept =
            spool::append_frame(file_, facts, stored, spool::as_text(whole.frame.payload), seed_);
        failed_ = failed_ || !kept;
        rows_ += facts.rows;
        next_number_ = last_number(whole) + 1;
        covered_end_ = whole.end;
    }

    // Tells where the numbers of the rows that are kept, or of another segment, go on.
    [[nodiscard]] std::uint64_t number_limit() const {
        if (const WholeFrame* const next = next_frame()) return next->frame.facts.first_number;
        return order_.number_limit != 0 ? order_.number_limit : proto::kNumberLimit;
    }

    void make_row(const capture::Packet& packet, std::uint64_t place) {
        if (next_number_ >= number_limit()) {
            failed_ = true;
            return;
        }
        if (block_.rows() != 0 && (place != block_end_ || place - block_begin_ >= kBlockPacketBytes))
            end_block();
        if (block_.rows() == 0) block_begin_ = place;
        dissect::dissect(packet.frame, std::max<std::size_t>(packet.wire_bytes, packet.frame.size()),
                         packet.link_type, dissection_);
        block_.append({.number = next_number_++,
                       .packet = packet,
                       .dissection = dissection_,
                       .interfaces = packets_.interfaces()},
                      {.place = place, .bytes = static_cast<std::uint32_t>(packet.frame.size())});
        block_end_ = place + spool::packet_block_bytes(static_cast<std::uint32_t>(packet.frame.size()));
        if (block_.full()) end_block();
    }

    void end_block() {
        if (block_.rows() == 0) return;
        const auto facts = block_.seal(file_, blocks_, run_, seed_);
        failed_ = failed_ || !facts;
        if (!facts) return;
        ++blocks_;
        rows_ += facts->rows;
        made_ += facts->rows;
    }

    const OldRows& old_;
    capture::PacketSource& packets_;
    const RowRepairOrder& order_;
    std::uint32_t run_;
    std::uint64_t next_number_;  // of the next row that is made
    std::uint64_t seed_;
    std::string file_;
    std::size_t next_ = 0;           // of the old frames
    std::uint64_t covered_end_ = 0;  // packets before this place have rows
    spool::RowBlock block_{kBlockRows};
    std::uint64_t block_begin_ = 0;  // of its packets in the pcapng
    std::uint64_t block_end_ = 0;
    dissect::Dissection dissection_;
    std::uint32_t blocks_ = 0;
    std::uint64_t rows_ = 0;
    std::uint64_t made_ = 0;
    bool failed_ = false;
};

}  // namespace

// A pcapng that is damaged gives what stands before the damage.
std::optional<std::string> repair_rows(spool::Bytes rows, capture::DescriptorInput packets,
                                       const RowRepairOrder& order) {
    const auto source = capture::FileSource::open(std::move(packets), {});
    if (!source) return std::nullopt;
    const OldRows old(rows, order.header);
    if (old.newer()) return std::nullopt;
    RepairedRows made(old, **source, order);
    auto state = (*source)->read(made, kReadAtOnce);
    while (state && *state == capture::SourceState::ready && !made.failed() &&
           (*source)->counters().position < order.packets_bytes)
        state = (*source)->read(made, kReadAtOnce);
    return made.finish();
}

}  // namespace packetsentry::worker
