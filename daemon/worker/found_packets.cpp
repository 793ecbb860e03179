#include "daemon/worker/found_packets.h"

#include <string>
#include <utility>

#include "proto/rows/batch_view.h"

namespace packetsentry::worker {
namespace {

using base::Result;

constexpr std::uint32_t kSnapshotLength = 262'144;  // no stored packet is longer

// Puts the bytes of packets one behind the other.
class CollectingSink : public spool::PacketSink {
  public:
    Result<void> take(const spool::StoredPacket& packet) override {
        bytes_ += spool::as_text(packet.frame);
        return {};
    }
    [[nodiscard]] std::string& bytes() { return bytes_; }

  private:
    std::string bytes_;
};

// Gives each packet to what was handed over.
template <typename Take>
class TakingSink : public spool::PacketSink {
  public:
    explicit TakingSink(Take take) : take_(std::move(take)) {}
    Result<void> take(const spool::StoredPacket& packet) override { return take_(packet); }

  private:
    Take take_;
};

}  // namespace

std::uint32_t FoundPackets::interface_of(std::uint64_t job, const wire::Interface& interface) {
    const auto next = static_cast<std::uint32_t>(interfaces_.size());
    const auto [found, is_new] = numbers_.try_emplace({job, interface.name(), interface.link_type()}, next);
    if (is_new)
        interfaces_.push_back({.name = interface.name(),
                               .link_type = interface.link_type(),
                               .snapshot_length = kSnapshotLength});
    return found->second;
}

Result<void> FoundPackets::save(const spool::FoundRows& found) {
    if (!writer_) return {};
    const auto view = proto::BatchView::check(found.batch);
    if (!view) return std::unexpected(view.error());
    const auto write = [&](const spool::StoredPacket& stored) -> Result<void> {
        const auto row = static_cast<std::uint32_t>(stored.place);
        const wire::Interface& interface = view->interface(row);
        const capture::Packet packet{.time_ns = view->time_ns(row),
                                     .has_time = !view->flag(row, wire::FLAG_NO_TIME),
                                     .wire_bytes = stored.wire_bytes,
                                     .link_type = interface.link_type(),
                                     .interface = interface_of(found.job, interface),
                                     .frame = stored.frame};
        return writer_->write(packet, interfaces_);
    };
    TakingSink sink(write);
    const auto counts = spool::read_packets(found, sink);
    if (!counts) return std::unexpected(counts.error());
    saved_ += counts->read;
    not_stored_ += counts->not_stored;
    unreadable_ += counts->unreadable;
    return {};
}

void FoundPackets::put_comments(std::vector<std::string> comments) {
    if (writer_ && !comments.empty()) writer_->put_comments(comments);
}

// A section of its own, because the head of the file was written before anybody knew this.
Result<void> FoundPackets::finish(std::vector<std::string> comments) {
    if (!writer_) return {};
    if (not_stored_ != 0)
        comments.push_back("of " + std::to_string(not_stored_) + " packets only the rows are kept");
    if (unreadable_ != 0)
        comments.push_back(std::to_string(unreadable_) + " packets are missing: the spool is damaged there");
    if (auto flushed = writer_->flush(interfaces_); !flushed) return flushed;
    if (!comments.empty()) {
        writer_->put_comments(comments);
        if (auto flushed = writer_->flush({}); !flushed) return flushed;
    }
    writer_->output().complete();
    return writer_->output().flush_within(std::chrono::milliseconds(0));
}

void FoundPackets::count(wire::SearchCounts& counts) const {
    counts.set_packets_saved(saved_);
    counts.set_packets_not_stored(not_stored_);
    counts.set_packets_unreadable(unreadable_);
}

void add_packet_bytes(const spool::FoundRows& found, wire::Batch& batch) {
    const auto view = proto::BatchView::check(found.batch);
    if (!view) return;
    std::size_t expected = 0;
    for (std::uint32_t row = 0; row < view->rows(); ++row) expected += view->captured_bytes(row);
    CollectingSink sink;
    const auto counts = spool::read_packets(found, sink);
    if (counts && counts->read == view->rows() && sink.bytes().size() == expected)
        batch.set_captured(std::move(sink.bytes()));
}

}  // namespace packetsentry::worker
