#include "daemon/worker/segment_requests.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "daemon/spool/format/file_header.h"

namespace packetsentry::worker {
namespace {

using base::ErrorCode;
using base::Result;

// As far as it is there.
std::string head_of(const base::UniqueFd& rows) {
    std::string head(spool::kFileHeaderBytes, '\0');
    const ssize_t size = ::pread(rows.get(), head.data(), head.size(), 0);
    head.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    return head;
}

// A capture's worker has written the file, and could have written somebody else's name into it. Or somebody
// has put a file of another spool there.
Result<void> check_header(spool::Bytes head, const wire::SegmentToRead& segment) {
    const auto found = spool::read_file_header(head, spool::FileKind::rows);
    if (!found) return std::unexpected(found.error());
    const auto wanted = spool::read_file_header(spool::as_bytes(segment.header()), spool::FileKind::rows);
    if (wanted && *found == *wanted) return {};
    return base::fail(ErrorCode::file, "is that of another segment");
}

}  // namespace

class SegmentRequests::Supply : public spool::SegmentSupply {
  public:
    Supply(SegmentRequests& requests, std::uint32_t stream) : requests_(requests), stream_(stream) {}

    Result<std::optional<spool::SegmentFiles>> next() override { return requests_.next(stream_); }

  private:
    SegmentRequests& requests_;
    std::uint32_t stream_;
};

std::unique_ptr<spool::SegmentSupply> SegmentRequests::supply(std::uint32_t stream) {
    return std::make_unique<Supply>(*this, stream);
}

void SegmentRequests::start_again() {
    take_rest();
    again_ = true;
    begun_again_.clear();
}

void SegmentRequests::take_rest() {
    if (!std::exchange(wanted_, false)) return;
    (void)link_.wait();
    (void)link_.take_descriptors();
}

// Asks for the next segment of a stream, unless that was done already.
Result<void> SegmentRequests::want(std::uint32_t stream) {
    if (std::exchange(wanted_, true)) return {};
    wire::FromWorker want;
    want.mutable_want()->set_stream(stream);
    want.mutable_want()->set_again(again_ && !begun_again_[stream]);
    begun_again_[stream] = again_;
    if (const auto damaged = take_damaged()) {
        want.mutable_want()->set_damaged_job(damaged->job);
        want.mutable_want()->set_damaged_segment(damaged->counter);
    }
    return link_.send(want);
}

// A segment that cannot be read is told, and passed over.
Result<std::optional<spool::SegmentFiles>> SegmentRequests::next(std::uint32_t stream) {
    if (begun_again_.size() <= stream) begun_again_.resize(stream + std::size_t{1}, false);
    for (;;) {
        if (auto told = listener_.before_segment(); !told) return std::unexpected(told.error());
        if (auto asked = want(stream); !asked) return std::unexpected(asked.error());
        auto message = link_.wait();
        wanted_ = false;
        if (!message) return std::unexpected(message.error());
        auto files = link_.take_descriptors();
        const wire::SegmentToRead& segment = message->segment();
        if (!message->has_segment() || segment.none()) return std::nullopt;
        if (ahead_)
            if (auto asked = want(stream); !asked) return std::unexpected(asked.error());
        if (!segment.trouble().empty()) listener_.cannot_open(segment, segment.trouble());
        if (!segment.trouble().empty() && !segment.has_rows()) continue;
        auto opened = open(segment, std::move(files));
        if (!opened || *opened) return opened;
    }
}

// Nothing: it is not the segment that it should be, which is told.
Result<std::optional<spool::SegmentFiles>> SegmentRequests::open(const wire::SegmentToRead& segment,
                                                                 std::vector<base::UniqueFd> files) {
    const std::size_t expected = std::size_t{segment.has_rows()} + std::size_t{segment.has_packets()} +
                                 std::size_t{segment.has_index()};
    if (!segment.has_rows() || files.size() != expected)
        return base::fail(ErrorCode::usage, "a segment did not come with its files");
    const std::string head = head_of(files.front());
    if (auto checked = check_header(spool::as_bytes(head), segment); !checked) {
        listener_.cannot_open(segment, "its rows file " + checked.error().message);
        if (!spool::header_version(spool::as_bytes(head), spool::FileKind::rows))
            damaged({segment.job(), segment.counter()});
        return std::nullopt;
    }
    if (!again_) {
        ++counts_.segments;
        counts_.bytes += segment.rows_bytes();
        counts_.with_index += segment.has_index() ? 1 : 0;
    }
    std::size_t at = 0;
    spool::SegmentFiles opened;
    opened.rows = {std::move(files[at++]), segment.rows_bytes()};
    if (segment.has_packets()) opened.packets = {std::move(files[at++]), segment.packets_bytes()};
    opened.packets_removed = segment.packets_bytes() == 0;
    if (segment.has_index()) opened.index = {std::move(files[at++]), segment.index_bytes()};
    return opened;
}

}  // namespace packetsentry::worker
