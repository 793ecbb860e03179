// What becomes of each packet: dissected, recorded in the open batch, saved; counted in any case.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/base/packet_filter.h"
#include "daemon/base/result.h"
#include "daemon/capture/file/capture_writer.h"
#include "daemon/capture/packet_source.h"
#include "daemon/dissect/dissection.h"
#include "daemon/record/batch_builder.h"
#include "daemon/redact/redactor.h"
#include "daemon/worker/interface_names.h"
#include "daemon/worker/link.h"
#include "daemon/worker/token_bucket.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::worker {

class Recorder : public capture::PacketSink {
  public:
    using Clock = std::chrono::steady_clock;

    enum class Mode : std::uint8_t {
        live,  // sheds where the link is full
        file,  // waits
    };
    struct Limits {  // 0: none
        std::uint64_t packets = 0;
        std::uint64_t file_bytes = 0;  // of the output
    };

    // source and link outlive it. writer may be null; so may redactor: all of each packet is recorded.
    Recorder(Mode mode, capture::PacketSource& source, std::unique_ptr<capture::CaptureWriter> writer,
             Link& link, std::unique_ptr<redact::Redactor> redactor = nullptr);

    bool packet(const capture::Packet& packet) override;

    void stop_at(Limits limits) { limits_ = limits; }
    // Packets that these do not ask for are counted as filtered, like those that the source filters out. The
    // source need not have decided on all of them (capture/packet_filter_program.h).
    void take_only(base::PacketFilter options) { options_ = std::move(options); }
    // Packets above it are shed before anything is made of them, apart from asking take_only()'s options.
    void limit_rate(std::uint64_t packets_per_second) { rate_.emplace(packets_per_second, Clock::now()); }
    // Packets outside [from, until) are another worker's: counted as filtered.
    void take_from(std::int64_t from_ns) { from_ns_ = from_ns; }
    void take_until(std::int64_t until_ns) { until_ns_ = until_ns; }
    // What comes from now on came after the handover, whatever its time: the clock may be set back.
    void take_all() { from_ns_ = kNever; }
    // Every interface has delivered a packet as late as this.
    [[nodiscard]] bool all_reached(std::int64_t time_ns) const;

    // Seals the open batch and sends it, the saved packets before it. Error: the link has broken.
    [[nodiscard]] base::Result<void> cut();
    // When the open batch grows too old; none: it is empty.
    [[nodiscard]] std::optional<Clock::time_point> cut_due() const;
    // To be asked where nothing more is there to be read: the open batch is to be cut at once, as it holds
    // few packets. Not more often than a batch's cost allows: then the packets wait for others, until
    // cut_due().
    [[nodiscard]] bool cuts_at_once();

    // Before the first packet: the output is not to be written; or is empty, whoever was to be continued.
    void save_no_more() { saving_ = false; }
    void save_from_the_head() {
        if (writer_) writer_->from_the_head();
    }
    // What is saved, to the disk.
    void sync_saved();
    // After the last cut(), at this wall clock time. What the kernel counts from now on is nobody's.
    void end_saving(std::int64_t now_ns);
    // Then: bytes that a slow reader of a pipe has not taken, and the packets that are not whole without
    // them.
    [[nodiscard]] std::uint64_t bytes_waiting() const { return saving_ ? writer_->bytes_waiting() : 0; }
    [[nodiscard]] std::uint64_t packets_waiting() const {
        return saving_ ? writer_->packets() - writer_->packets_written() : 0;
    }
    // Gives them to it as it takes them, for so long.
    void save_on(std::chrono::milliseconds time);
    // Nobody waits for it any more: what it has not taken is not saved.
    void give_up_saving() { given_up_ = packets_waiting(); }

    [[nodiscard]] bool limit_reached() const { return limit_reached_; }
    [[nodiscard]] bool batch_full() const { return builder_.full(); }
    // The output takes no more; told once.
    [[nodiscard]] std::optional<base::Error> take_save_error();

    // Balanced up to the last cut().
    [[nodiscard]] wire::Ledger ledger();

  private:
    static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();

    [[nodiscard]] bool is_asked_for(const capture::Packet& packet);
    [[nodiscard]] bool source_knew_more(const capture::Packet& packet) const;
    [[nodiscard]] capture::Packet dissect(const capture::Packet& packet);
    void save(const capture::Packet& packet);
    void save_failed(base::Error error);
    [[nodiscard]] bool is_other_workers(const capture::Packet& packet) const;
    [[nodiscard]] bool reaches_limit() const;
    [[nodiscard]] bool goes_back(const capture::Packet& packet);
    [[nodiscard]] base::Result<void> send_open_batch();

    Mode mode_;
    Limits limits_;
    base::PacketFilter options_;
    std::optional<TokenBucket> rate_;
    TokenBucket early_cuts_;
    capture::PacketSource& source_;
    std::unique_ptr<capture::CaptureWriter> writer_;
    Link& link_;
    std::unique_ptr<redact::Redactor> redactor_;
    record::BatchBuilder builder_;
    dissect::Dissection dissection_;
    InterfaceNames names_;
    std::int64_t from_ns_ = kNever;
    std::optional<std::int64_t> until_ns_;
    std::vector<std::int64_t> last_ns_;  // an interface each: of its last packet
    Clock::time_point opened_;           // of the batch
    std::uint64_t open_bytes_ = 0;       // wire bytes and malformed packets of the open batch
    std::uint64_t open_malformed_ = 0;
    std::uint64_t other_workers_ = 0;
    std::uint64_t not_asked_for_ = 0;
    wire::Ledger ledger_;
    bool limit_reached_ = false;
    bool saving_ = false;
    std::uint64_t given_up_ = 0;                            // packets left when saving ended
    std::optional<capture::SourceCounters> last_counters_;  // as they were when the capture ended
    std::optional<base::Error> save_error_;
};

}  // namespace packetsentry::worker
