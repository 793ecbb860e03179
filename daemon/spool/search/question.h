// A question about the past: which rows it asks for, and where an index says that they may be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/spool/search/index_plan.h"
#include "daemon/spool/search/row_names.h"
#include "daemon/spool/search/row_options.h"
#include "daemon/spool/search/surroundings.h"
#include "daemon/spool/search/time_range.h"
#include "proto/messages/capture.pb.h"
#include "proto/query/evaluate/filter.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::spool {

// Bytes of a pattern for names.
inline constexpr std::size_t kNamePatternLimit = 255;

// It is asked by one thread, of any number of batches. It keeps what it has allocated.
class Question {
  public:
    // A row is found if it passes the filter, if one of its names matches the pattern, where there is
    // one, and if its time is in the range. Error (filter): a part of the filter is refused, as it would
    // be for a capture; there is a BPF expression, which only packets can be asked; or the pattern is too
    // long.
    [[nodiscard]] static base::Result<Question> make(const wire::Filter& filter,
                                                     std::string_view name_pattern, const TimeRange& times);

    // It asks rows of this table, wire::Table, and otherwise packets.
    void ask_table(std::uint32_t table) { table_ = table; }
    [[nodiscard]] std::uint32_t table() const { return table_; }

    // Only rows are asked for, so nobody computes where their packets are.
    void leave_packets() { with_packets_ = false; }
    [[nodiscard]] bool with_packets() const { return with_packets_; }

    [[nodiscard]] const IndexPlan& plan() const { return plan_; }

    // From now on, rows near those that were found are found too, whatever they are. They may be outside of
    // the range of time, so far as they may be away. around must remain live as long as this object is used.
    void look_around(const Surroundings& around);
    // The times of rows that are found in a job.
    [[nodiscard]] SoughtTimes sought_of(std::uint64_t job) const;

    // Returns the rows that are found, ascending. job: whose they are. Valid until the next call.
    [[nodiscard]] const std::vector<std::uint32_t>& find(const proto::BatchView& view, std::uint64_t job = 0);
    // Room for a frame, which a search takes and gives back at its end. It is empty at first, and where
    // another search has it.
    [[nodiscard]] std::vector<std::byte> take_frame_buffer() { return std::exchange(frame_buffer_, {}); }
    void give_back(std::vector<std::byte> frame_buffer) { frame_buffer_ = std::move(frame_buffer); }

    // After look_around() and find(): FoundRows::matching for these rows.
    [[nodiscard]] const std::vector<std::uint8_t>& matching() const { return matching_; }

  private:
    Question(RowOptions options, query::Filter display, const TimeRange& times)
        : options_(std::move(options)), display_(std::move(display)), times_(times) {}
    void keep_display(const proto::BatchView& view);
    void keep_names(const proto::BatchView& view);
    void add_near(const proto::BatchView& view, const TimeSet& pieces);
    [[nodiscard]] bool has_rows() const;

    RowOptions options_;
    query::Filter display_;
    bool has_display_ = false;
    bool with_packets_ = true;
    std::uint32_t table_ = wire::TABLE_PACKETS;
    std::optional<RowNames> names_;
    TimeRange times_;
    IndexPlan plan_;
    const Surroundings* around_ = nullptr;  // null: nothing but what matches is found
    std::vector<std::uint8_t> mask_;        // a byte for each row of the present batch
    std::vector<std::uint8_t> other_mask_;
    std::vector<std::uint32_t> rows_;
    std::vector<std::byte> frame_buffer_;
    std::vector<std::uint8_t> matching_;  // empty as long as there are no surroundings
};

}  // namespace packetsentry::spool
