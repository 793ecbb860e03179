#include "daemon/worker/opening.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

#include "daemon/base/syscall.h"
#include "daemon/base/unique_fd.h"
#include "daemon/capture/capture_filter.h"
#include "daemon/capture/file/descriptor_input.h"
#include "daemon/capture/file/file_source.h"
#include "daemon/capture/filter/filter_program.h"
#include "daemon/capture/live/live_source.h"
#include "daemon/spool/format/segment_room.h"
#include "daemon/worker/background_thread.h"
#include "daemon/worker/compression.h"
#include "daemon/worker/held_numbers.h"
#include "daemon/worker/keeping.h"
#include "daemon/worker/privileges.h"
#include "daemon/worker/redaction.h"
#include "proto/words/filter.h"

namespace packetsentry::worker {
namespace {

using base::ErrorCode;
using base::Result;

bool saves(const wire::Begin& begin) {
    return begin.capture().save().format() != wire::SAVE_NONE;
}

capture::LiveOptions live_options(const wire::Begin& begin) {
    const wire::CaptureSpec& spec = begin.capture();
    capture::LiveOptions options;
    options.interfaces.assign(spec.interface().begin(), spec.interface().end());
    options.indices.assign(begin.interface_index().begin(), begin.interface_index().end());
    if (spec.snapshot_length() != 0) options.snapshot_length = spec.snapshot_length();
    const std::uint32_t most = begin.terms().snapshot_length();
    if (most != 0) options.snapshot_length = std::min(options.snapshot_length, most);
    options.promiscuous = !spec.not_promiscuous();
    if (spec.ring_bytes() != 0) options.ring_bytes = spec.ring_bytes();
    return options;
}

Result<capture::CaptureFilter> capture_filter(const wire::Filter& filter) {
    auto options = proto::packet_filter(filter);
    if (!options) return std::unexpected(std::move(options.error()));
    return capture::CaptureFilter{std::move(*options), filter.bpf()};
}

// Moves the input above the output, which is to be the last descriptor that may be written.
Result<base::UniqueFd> above(base::UniqueFd input, int output) {
    if (input.get() > output) return input;
    base::UniqueFd moved(::fcntl(input.get(), F_DUPFD_CLOEXEC, output + 1));
    if (!moved) return base::fail(ErrorCode::internal, base::syscall_text("move the input"));
    return moved;
}

Result<void> empty(int output) {
    constexpr int kNoFile = EINVAL;  // a pipe
    if (::ftruncate(output, 0) == 0 || errno == kNoFile) return {};
    return base::fail(ErrorCode::file, base::syscall_text("empty the output file"));
}

class Opening {
  public:
    Opening(const wire::Begin& begin, Link& link, Unlisted unlisted, Opened& opened)
        : begin_(begin), link_(link), opened_(opened), sandbox_{.unlisted = unlisted} {}

    Result<void> run();

  private:
    Result<void> check_filter();
    void take_output(base::UniqueFd output);
    Result<void> hold_numbers();
    Result<void> hold_number_of_next_output();
    Result<void> open_live(const capture::CaptureFilter& filter);
    Result<void> open_file(base::UniqueFd input, const capture::CaptureFilter& filter);
    Result<void> drop_and_enter(int first_forbidden);
    Result<void> enter(int first_forbidden);
    Result<void> prepare_to_record();
    [[nodiscard]] int last_writable() const {
        return std::max({opened_.output, link_.fd(), held_.highest()});
    }

    const wire::Begin& begin_;
    Link& link_;
    Opened& opened_;
    HeldNumbers held_;
    Sandbox sandbox_;
};

Result<void> Opening::run() {
    auto descriptors = link_.take_descriptors();
    if (descriptors.size() != (begin_.file() ? 1U : 0U) + (saves(begin_) ? 1U : 0U))
        return base::fail(ErrorCode::usage,
                          "the descriptors that came with the message are not those that it names");
    auto text = proto::filter_text(begin_.capture().filter());
    if (!text) return std::unexpected(text.error());
    if (begin_.only_filters()) return check_filter();
    opened_.filter_text = std::move(*text);
    auto filter = capture_filter(begin_.capture().filter());
    if (!filter) return std::unexpected(filter.error());
    if (saves(begin_)) take_output(std::move(descriptors.back()));
    if (auto held = hold_numbers(); !held) return held;
    auto opened = begin_.file() ? open_file(std::move(descriptors.front()), *filter) : open_live(*filter);
    if (!opened) return opened;
    opened_.options = std::move(filter->options);
    return prepare_to_record();
}

// A filter is compiled in the sandbox here too: the compiler is what is not trusted.
Result<void> Opening::check_filter() {
    if (auto entered = drop_and_enter(std::numeric_limits<int>::max()); !entered) return entered;
    if (auto good = capture::FilterProgram::check(begin_.terms().required_filter()); !good) return good;
    if (auto sealed = seal_sandbox(sandbox_); !sealed) return sealed;
    auto display = DisplayFilter::compile(begin_.capture().filter().display());
    if (!display) return std::unexpected(display.error());
    return {};
}

void Opening::take_output(base::UniqueFd output) {
    const wire::Save& save = begin_.capture().save();
    const auto format =
        save.format() == wire::SAVE_PCAP ? capture::FileFormat::pcap : capture::FileFormat::pcapng;
    opened_.output = output.get();
    opened_.writer =
        capture::CaptureWriter::make(std::move(output), format, compression_of(save), save.continued());
}

Result<void> Opening::hold_numbers() {
    if (begin_.capture().save().has_each_file()) return hold_number_of_next_output();
    if (!begin_.has_keep()) return {};
    if (begin_.file()) return base::fail(ErrorCode::usage, "the rows of a file cannot be kept");
    return held_.hold(Keeping::most_files(begin_.keep()));
}

// Files of a segment could get that number.
Result<void> Opening::hold_number_of_next_output() {
    if (begin_.has_keep())
        return base::fail(ErrorCode::usage, "what is kept cannot be saved to several files as well");
    if (opened_.output < 0)
        return base::fail(ErrorCode::usage, "there is no output to be followed by others");
    if (auto held = held_.hold(1); !held) return held;
    if (held_.highest() != opened_.output + 1)
        return base::fail(ErrorCode::internal, "the worker's descriptors are not in order");
    sandbox_.outputs = 2;
    return {};
}

Result<void> Opening::open_live(const capture::CaptureFilter& filter) {
    const auto options = live_options(begin_);
    auto live = capture::LiveSource::open(options);
    if (!live) return std::unexpected(live.error());
    capture::LiveSource& source = **live;
    opened_.source = std::move(*live);
    sandbox_.ring_bytes = options.interfaces.size() * std::uint64_t{options.ring_bytes};
    sandbox_.flow_bytes = begin_.flow_bytes();
    if (auto dropped = drop_privileges(); !dropped) return dropped;
    if (opened_.writer) opened_.writer->output().write_in_background();
    if (begin_.has_keep()) opened_.segments = SegmentThreads::start(begin_.keep());
    BackgroundThread compiler;
    if (auto entered = enter(std::ranges::min(source.wait_fds())); !entered) return entered;
    held_.free();
    Result<std::vector<std::uint32_t>> set;
    compiler.run([&] {
        set = source.set_filter(begin_.terms().required_filter(), filter, begin_.filter_instructions());
    });
    if (!set) return std::unexpected(std::move(set.error()));
    opened_.filter_lengths = std::move(*set);
    return seal_sandbox(sandbox_);
}

Result<void> Opening::open_file(base::UniqueFd input, const capture::CaptureFilter& filter) {
    auto moved = above(std::move(input), last_writable());
    if (!moved) return std::unexpected(moved.error());
    auto descriptor = capture::DescriptorInput::open(std::move(*moved));
    if (!descriptor) return std::unexpected(descriptor.error());
    if (auto entered = drop_and_enter(descriptor->fd()); !entered) return entered;
    held_.free();
    auto file = capture::FileSource::open(std::move(*descriptor), filter, begin_.file_name());
    if (!file) return std::unexpected(file.error());
    opened_.file_bytes = (*file)->file_bytes();
    opened_.source = std::move(*file);
    return seal_sandbox(sandbox_);
}

Result<void> Opening::drop_and_enter(int first_forbidden) {
    if (auto dropped = drop_privileges(); !dropped) return dropped;
    return enter(first_forbidden);
}

// first_forbidden: the lowest descriptor that must not be written.
Result<void> Opening::enter(int first_forbidden) {
    sandbox_.last_writable = last_writable();
    sandbox_.output = opened_.output;
    // Somebody's own file may become longer than a segment.
    if (begin_.has_keep() && opened_.output < 0)
        sandbox_.file_bytes = spool::most_segment_bytes(begin_.keep().segment_bytes());
    if (first_forbidden <= sandbox_.last_writable)
        return base::fail(ErrorCode::internal, "the worker's descriptors are not in order");
    return enter_sandbox(sandbox_);
}

Result<void> Opening::prepare_to_record() {
    auto redactor = make_redactor(begin_);
    if (!redactor) return std::unexpected(redactor.error());
    opened_.redactor = std::move(*redactor);
    auto display = DisplayFilter::compile(begin_.capture().filter().display());
    if (!display) return std::unexpected(display.error());
    opened_.display = std::move(*display);
    const wire::Save& save = begin_.capture().save();
    if (opened_.writer && save.replace() && !save.continued()) return empty(opened_.output);
    return {};
}

}  // namespace

Result<void> open_capture(const wire::Begin& begin, Link& link, Unlisted unlisted, Opened& opened) {
    return Opening(begin, link, unlisted, opened).run();
}

}  // namespace packetsentry::worker
