#include "daemon/capture/file/file_source.h"

#include <utility>

#include "daemon/capture/file/capture_reader.h"
#include "daemon/capture/file/input_stream.h"
#include "daemon/capture/filter/link_filters.h"

namespace packetsentry::capture {
namespace {

class StreamFileSource final : public FileSource {
  public:
    StreamFileSource(std::unique_ptr<InputStream> stream, std::unique_ptr<CaptureReader> reader,
                     LinkFilters filters)
        : stream_(std::move(stream)), reader_(std::move(reader)), filters_(std::move(filters)) {}

    base::Result<SourceState> read(PacketSink& sink, std::size_t limit) override;
    std::span<const SourceInterface> interfaces() const override { return reader_->interfaces(); }
    const SourceCounters& counters() override;
    std::vector<int> wait_fds() const override;
    std::optional<std::chrono::milliseconds> wait_limit() const override { return std::nullopt; }
    std::optional<SourceEvent> next_event() override { return std::nullopt; }
    std::uint64_t file_bytes() const override { return stream_->file_bytes(); }

  private:
    std::unique_ptr<InputStream> stream_;
    std::unique_ptr<CaptureReader> reader_;
    LinkFilters filters_;
    SourceCounters counters_;
    bool ended_ = false;
};

base::Result<SourceState> StreamFileSource::read(PacketSink& sink, std::size_t limit) {
    Packet packet;
    for (std::size_t i = 0; i < limit && !ended_; ++i) {
        auto step = reader_->next(packet);
        ended_ = !step || *step == CaptureReader::Step::end;
        if (!step) return std::unexpected(std::move(step.error()));
        if (*step == CaptureReader::Step::waiting) return SourceState::idle;
        if (*step != CaptureReader::Step::packet) break;
        packet.number = ++counters_.delivered;
        if (!filters_.passes(packet))
            ++counters_.filtered;
        else if (!sink.packet(packet))
            break;
    }
    return ended_ ? SourceState::end : SourceState::ready;
}

const SourceCounters& StreamFileSource::counters() {
    counters_.position = stream_->position();
    return counters_;
}

std::vector<int> StreamFileSource::wait_fds() const {
    return stream_->wait_fd() < 0 ? std::vector<int>{} : std::vector<int>{stream_->wait_fd()};
}

}  // namespace

base::Result<std::unique_ptr<FileSource>> FileSource::open(base::UniqueFd input, const CaptureFilter& filter,
                                                           const std::string& file_name) {
    auto descriptor = DescriptorInput::open(std::move(input));
    if (!descriptor) return std::unexpected(std::move(descriptor.error()));
    return open(std::move(*descriptor), filter, file_name);
}

base::Result<std::unique_ptr<FileSource>> FileSource::open(DescriptorInput input, const CaptureFilter& filter,
                                                           const std::string& file_name) {
    auto stream = InputStream::open(std::move(input));
    if (!stream) return std::unexpected(std::move(stream.error()));
    auto reader = open_capture(**stream, file_name);
    if (!reader) return std::unexpected(std::move(reader.error()));
    auto filters = LinkFilters::make(filter, (*reader)->interfaces());
    if (!filters) return std::unexpected(std::move(filters.error()));
    return std::make_unique<StreamFileSource>(std::move(*stream), std::move(*reader), std::move(*filters));
}

}  // namespace packetsentry::capture
