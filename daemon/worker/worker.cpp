#include "daemon/worker/worker.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <new>
#include <system_error>
#include <utility>

#include "daemon/base/syscall.h"
#include "daemon/capture/file/descriptor_input.h"
#include "daemon/capture/file/file_source.h"
#include "daemon/capture/filter/filter_program.h"
#include "daemon/capture/live/live_source.h"
#include "daemon/worker/background_thread.h"
#include "daemon/worker/privileges.h"
#include "daemon/worker/reader_patience.h"
#include "daemon/worker/redaction.h"
#include "proto/link/deadline.h"
#include "proto/link/peer_error.h"
#include "proto/words/filter.h"

namespace packetsentry::worker {
namespace {

using base::ErrorCode;
using base::Result;
using capture::SourceState;
using namespace std::chrono_literals;

constexpr std::size_t kReadLimit = 4096;  // packets between two looks at the link
constexpr auto kReportInterval = 500ms;
// A packet stamped before the handover may still be on its way through the kernel's ring.
constexpr auto kRingDelay = 100ms;
constexpr auto kFinishLimit = 1s;
// While a slow reader of the output is waited for, between two looks at the link.
constexpr auto kReaderStep = 100ms;
// What a power cut costs at most of what is saved.
constexpr auto kSyncInterval = 10s;

std::int64_t wall_clock_ns() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

wire::Notice::Kind notice_kind(capture::SourceEvent::Kind kind) {
    using Kind = capture::SourceEvent::Kind;
    switch (kind) {
        case Kind::interface_down:
            return wire::Notice::INTERFACE_DOWN;
        case Kind::interface_up:
            return wire::Notice::INTERFACE_UP;
        case Kind::interface_gone:
            return wire::Notice::INTERFACE_GONE;
        case Kind::interface_renamed:
            return wire::Notice::INTERFACE_RENAMED;
    }
    return wire::Notice::OTHER;
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

// Not before the source is open and the filter is good: a capture that cannot begin costs no older file.
Result<void> empty_output(int output, const wire::Save& save) {
    constexpr int kNoFile = EINVAL;  // a pipe
    if (!save.replace() || save.continued() || ::ftruncate(output, 0) == 0 || errno == kNoFile) return {};
    return base::fail(ErrorCode::file, base::syscall_text("empty the output file"));
}

// Above the output, which is to be the last descriptor that may be written.
Result<base::UniqueFd> above(base::UniqueFd input, int output) {
    if (input.get() > output) return input;
    base::UniqueFd moved(::fcntl(input.get(), F_DUPFD_CLOEXEC, output + 1));
    if (!moved) return base::fail(ErrorCode::internal, base::syscall_text("move the input"));
    return moved;
}

}  // namespace

int Worker::run() {
    const auto outcome = capture_with_what_there_is();
    if (link_broken_) return 1;
    return send_ended(outcome) ? 0 : 1;
}

// Whoever started this process may have left it little memory, or no thread.
Result<wire::EndReason> Worker::capture_with_what_there_is() {
    try {
        return capture();
    } catch (const std::bad_alloc&) {
        // A live capture that has begun goes on with another worker, so this one just dies.
        if (recorder_ && !begin_.file()) throw;
        return base::fail(ErrorCode::internal,
                          "there is not enough memory; allow more ('ulimit -v', or the container's limit)");
    } catch (const std::system_error& error) {
        return base::fail(ErrorCode::internal, std::string("cannot start a thread: ") +
                                                   error.code().message() +
                                                   "; allow more ('ulimit -u', or the container's limit)");
    }
}

Result<wire::EndReason> Worker::capture() {
    if (auto begun = begin(); !begun) return std::unexpected(begun.error());
    if (begin_.only_filters()) return wire::END_ASKED;
    auto go = wait_for_go();
    if (!go) return std::unexpected(go.error());
    if (!*go) return wire::END_ASKED;
    return read_until_done();
}

Result<void> Worker::begin() {
    auto message = link_.wait();
    if (!message || !message->has_begin()) {
        link_broken_ = true;
        return base::fail(ErrorCode::usage, "a worker's first message is Begin");
    }
    begin_ = std::move(*message->mutable_begin());
    auto descriptors = link_.take_descriptors();
    const bool saves = begin_.capture().save().format() != wire::SAVE_NONE;
    if (descriptors.size() != (begin_.file() ? 1U : 0U) + (saves ? 1U : 0U))
        return base::fail(ErrorCode::usage, "the descriptors passed are not those the message names");

    const wire::Filter& asked = begin_.capture().filter();
    const auto filter_text = proto::filter_text(asked);
    if (!filter_text) return std::unexpected(filter_text.error());
    if (begin_.only_filters()) return check_filter();
    const auto filter = capture_filter(asked);
    if (!filter) return std::unexpected(filter.error());
    if (saves) take_output(std::move(descriptors.back()));
    auto opened = begin_.file() ? open_file(std::move(descriptors.front()), *filter) : open_live(*filter);
    if (!opened) return opened;
    if (auto made = make_recorder(filter->options); !made) return made;
    return send_ready(*filter_text);
}

// What must be asked of the output is asked here: in the sandbox the kernel would not answer.
void Worker::take_output(base::UniqueFd output) {
    const wire::Save& save = begin_.capture().save();
    const auto format =
        save.format() == wire::SAVE_PCAP ? capture::FileFormat::pcap : capture::FileFormat::pcapng;
    output_ = output.get();
    writer_ = capture::CaptureWriter::make(std::move(output), format, save.continued());
}

// The order is the point: open with the right to, drop it, then read what others wrote.
Result<void> Worker::open_live(const capture::CaptureFilter& filter) {
    const auto options = live_options(begin_);
    auto live = capture::LiveSource::open(options);
    if (!live) return std::unexpected(live.error());
    capture::LiveSource& source = **live;
    source_ = std::move(*live);  // whatever comes, it is not closed
    sandbox_.ring_bytes = options.interfaces.size() * std::uint64_t{options.ring_bytes};
    if (auto dropped = drop_privileges(); !dropped) return dropped;
    BackgroundThread compiler;  // a thread has the rights that its maker has then
    if (auto entered = enter(std::ranges::min(source.wait_fds())); !entered) return entered;
    Result<std::vector<std::uint32_t>> set;
    compiler.run([&] {
        set = source.set_filter(begin_.terms().required_filter(), filter, begin_.filter_instructions());
    });
    if (!set) return std::unexpected(std::move(set.error()));
    filter_lengths_ = std::move(*set);
    return seal_sandbox(sandbox_);
}

Result<void> Worker::open_file(base::UniqueFd input, const capture::CaptureFilter& filter) {
    auto moved = above(std::move(input), std::max(output_, link_.fd()));
    if (!moved) return std::unexpected(moved.error());
    auto descriptor = capture::DescriptorInput::open(std::move(*moved));
    if (!descriptor) return std::unexpected(descriptor.error());
    if (auto entered = drop_and_enter(descriptor->fd()); !entered) return entered;
    auto file = capture::FileSource::open(std::move(*descriptor), filter, begin_.file_name());
    if (!file) return std::unexpected(file.error());
    file_bytes_ = (*file)->file_bytes();
    source_ = std::move(*file);
    return seal_sandbox(sandbox_);
}

// In the sandbox like any other: the compiler is what is not trusted.
Result<void> Worker::check_filter() {
    if (auto entered = drop_and_enter(std::numeric_limits<int>::max()); !entered) return entered;
    if (auto good = capture::FilterProgram::check(begin_.terms().required_filter()); !good) return good;
    if (auto sealed = seal_sandbox(sandbox_); !sealed) return sealed;
    return send_ready("");
}

Result<void> Worker::drop_and_enter(int first_forbidden) {
    if (auto dropped = drop_privileges(); !dropped) return dropped;
    return enter(first_forbidden);
}

// first_forbidden: the lowest descriptor that must not be written.
Result<void> Worker::enter(int first_forbidden) {
    sandbox_.last_writable = std::max(output_, link_.fd());
    if (first_forbidden <= sandbox_.last_writable)
        return base::fail(ErrorCode::internal, "the worker's descriptors are not in order");
    return enter_sandbox(sandbox_);
}

Result<void> Worker::make_recorder(const base::PacketFilter& options) {
    const wire::CaptureSpec& spec = begin_.capture();
    auto redactor = make_redactor(begin_);
    if (!redactor) return std::unexpected(redactor.error());
    if (auto emptied = empty_output(output_, spec.save()); writer_ && !emptied) return emptied;
    const auto mode = begin_.file() ? Recorder::Mode::file : Recorder::Mode::live;
    recorder_ = std::make_unique<Recorder>(mode, *source_, std::move(writer_), link_, std::move(*redactor));
    recorder_->take_only(options);
    const std::uint64_t most = begin_.terms().packets_per_second();
    if (!begin_.file() && most != 0) recorder_->limit_rate(most);
    return {};
}

Result<void> Worker::send_ready(const std::string& filter) {
    wire::FromWorker message;
    wire::Ready& ready = *message.mutable_ready();
    ready.set_filter(proto::whole_filter_text(begin_.terms().required_filter(), filter));
    ready.set_file_bytes(file_bytes_);
    ready.mutable_filter_instructions()->Assign(filter_lengths_.begin(), filter_lengths_.end());
    // A file may have very many, and nobody asks for their types.
    if (source_ && !begin_.file())
        for (const capture::SourceInterface& interface : source_->interfaces())
            ready.add_link_type(interface.link_type);
    return link_.send(message);
}

// false: told to finish before it began.
Result<bool> Worker::wait_for_go() {
    auto message = link_.wait();
    if (!message) {
        link_broken_ = true;
        return std::unexpected(message.error());
    }
    if (!message->has_go()) return false;
    const wire::Go& go = message->go();
    if (go.saving_ended())
        recorder_->save_no_more();
    else if (go.has_output_bytes())
        cut_output(static_cast<off_t>(go.output_bytes()));
    if (go.from_ns() != 0) recorder_->take_from(go.from_ns());
    const wire::Until& until = go.has_until() ? go.until() : begin_.capture().until();
    recorder_->stop_at({.packets = until.packets(), .file_bytes = until.file_bytes()});
    if (until.duration_ns() != 0) deadline_ = proto::deadline_after(Clock::now(), until.duration_ns());
    drained_at_ = Clock::now() + kRingDelay;
    report_due_ = Clock::now() + kReportInterval;
    sync_due_ = Clock::now() + kSyncInterval;
    return true;
}

// The place to write at is the dead worker's too.
void Worker::cut_output(off_t bytes) {
    if (output_ < 0) return;
    if (::ftruncate(output_, bytes) == 0) (void)::lseek(output_, bytes, SEEK_SET);
    if (bytes == 0) recorder_->save_from_the_head();
}

Result<wire::EndReason> Worker::read_until_done() {
    for (;;) {
        auto state = source_->read(*recorder_, kReadLimit);
        const bool done = !state || finished(*state);
        const bool idle = state && *state == SourceState::idle;
        if (auto sent = cut_and_report(done, idle); !sent) return std::unexpected(sent.error());
        if (auto told = tell_news(); !told) return std::unexpected(told.error());
        if (!state) return std::unexpected(state.error());
        if (done) return end_reason(*state);
        if (idle) {
            if (Clock::now() >= drained_at_) recorder_->take_all();
            if (auto waited = wait_for_packets(); !waited) return std::unexpected(waited.error());
        }
        if (auto taken = take_messages(); !taken) return std::unexpected(taken.error());
    }
}

Result<wire::EndReason> Worker::end_reason(SourceState state) const {
    if (recorder_->limit_reached()) return wire::END_CONDITION;
    if (state == SourceState::end && begin_.file()) return wire::END_OF_FILE;
    if (finish_ns_) return wire::END_ASKED;
    if (state == SourceState::end)
        return base::fail(ErrorCode::interface,
                          "the interface has gone; what was captured until then is kept");
    return wire::END_CONDITION;
}

bool Worker::finished(SourceState state) const {
    if (recorder_->limit_reached() || state == SourceState::end) return true;
    const auto now = Clock::now();
    if (deadline_ && now >= *deadline_) return true;
    if (!finish_ns_) return false;
    if (begin_.file() || now >= finish_limit_) return true;
    const std::int64_t drained_ns = *finish_ns_ + std::chrono::nanoseconds(kRingDelay).count();
    return wall_clock_ns() >= drained_ns &&
           (state == SourceState::idle || recorder_->all_reached(drained_ns));
}

// Ends when there are no more, or when the link breaks: then nobody wants the packets.
Result<void> Worker::take_messages() {
    for (;;) {
        auto message = link_.receive();
        if (!message) {
            link_broken_ = true;
            (void)recorder_->cut();  // the output file is still somebody's
            return std::unexpected(message.error());
        }
        if (!*message) return {};
        if ((*message)->has_finish()) finish((*message)->finish());
    }
}

void Worker::finish(const wire::Finish& finish) {
    if (finish_ns_) {
        hurried_ = true;
        return;
    }
    finish_ns_ = finish.until_ns() != 0 ? finish.until_ns() : wall_clock_ns();
    finish_limit_ = Clock::now() + kFinishLimit;
    waits_for_reader_ = finish.wait_for_reader();
    if (!begin_.file()) recorder_->take_until(*finish_ns_);
}

Result<void> Worker::tell_news() {
    if (const auto error = recorder_->take_save_error()) {
        if (auto sent = send_notice(wire::Notice::SAVE_FAILED, error->message, ""); !sent) return sent;
    }
    while (const auto event = source_->next_event()) {
        if (auto sent = send_notice(notice_kind(event->kind), event->text, event->interface); !sent)
            return sent;
    }
    return {};
}

// Reports follow a cut, so that their counts balance.
Result<void> Worker::cut_and_report(bool done, bool idle) {
    const auto now = Clock::now();
    const auto due = recorder_->cut_due();
    const bool cuts = done || now >= report_due_ || recorder_->batch_full() || (due && now >= *due) ||
                      (idle && recorder_->cuts_at_once());
    if (cuts) {
        if (auto cut = recorder_->cut(); !cut) return cut;
    }
    if (done || now < report_due_) return {};
    if (!begin_.file() && now >= sync_due_) {
        recorder_->sync_saved();
        sync_due_ = Clock::now() + kSyncInterval;
    }
    return send_report();
}

Result<void> Worker::send_report() {
    report_due_ = Clock::now() + kReportInterval;
    wire::FromWorker message;
    *message.mutable_report()->mutable_ledger() = recorder_->ledger();
    message.mutable_report()->set_file_position(source_->counters().position);
    return link_.send(message);
}

Result<void> Worker::wait_for_packets() {
    std::vector<pollfd> entries;
    for (const int fd : source_->wait_fds()) entries.push_back({fd, POLLIN, 0});
    const auto link_events = static_cast<short>(POLLIN | (link_.waits_to_send() ? POLLOUT : 0));
    entries.push_back({link_.fd(), link_events, 0});
    // A signal or an error shows in the reads that follow.
    (void)::poll(entries.data(), entries.size(), static_cast<int>(wait_time().count()));
    return link_.flush();
}

std::chrono::milliseconds Worker::wait_time() const {
    auto due = report_due_;
    if (const auto cut = recorder_->cut_due()) due = std::min(due, *cut);
    if (deadline_) due = std::min(due, *deadline_);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - Clock::now());
    // While finishing, the ring's own delay is the pace.
    const auto most = finish_ns_ ? 10ms : source_->wait_limit().value_or(kReportInterval);
    return std::clamp<std::chrono::milliseconds>(left, 0ms, most);
}

Result<void> Worker::send_notice(wire::Notice::Kind kind, const std::string& text,
                                 const std::string& interface) {
    wire::FromWorker message;
    message.mutable_notice()->set_interface(interface);
    message.mutable_notice()->set_kind(kind);
    message.mutable_notice()->set_text(text);
    return link_.send(message);
}

// Gives up what is left, whoever it was that did not want to wait.
Result<void> Worker::save_the_rest() {
    recorder_->end_saving(wall_clock_ns());
    if (auto waited = wait_for_reader(); !waited) return waited;
    recorder_->give_up_saving();
    return tell_news();
}

Result<void> Worker::wait_for_reader() {
    ReaderPatience patience(Clock::now(), recorder_->bytes_waiting());
    while (!hurried_) {
        recorder_->save_on(kReaderStep);
        const auto now = Clock::now();
        if (!patience.goes_on(now, recorder_->bytes_waiting(), waits_for_reader_)) return {};
        if (patience.tells(now)) {
            if (auto sent = send_notice(wire::Notice::OTHER, slow_reader_text(), ""); !sent) return sent;
        }
        if (now >= report_due_) {
            if (auto sent = send_report(); !sent) return sent;
        }
        if (auto taken = take_messages(); !taken) return taken;
    }
    return {};
}

std::string Worker::slow_reader_text() const {
    return "the reader of the output is slow: " + std::to_string(recorder_->packets_waiting()) +
           " packets wait for it; stop the capture again to end it without them";
}

Result<void> Worker::send_ended(const Result<wire::EndReason>& outcome) {
    wire::FromWorker message;
    wire::Ended& ended = *message.mutable_ended();
    ended.set_reason(outcome ? *outcome : wire::END_FAILED);
    if (!outcome) *ended.mutable_error() = proto::to_wire(outcome.error());
    if (recorder_) {
        if (auto saved = save_the_rest(); !saved) return saved;
        *ended.mutable_ledger() = recorder_->ledger();
    }
    if (auto sent = link_.send(message); !sent) return sent;
    return link_.drain();
}

}  // namespace packetsentry::worker
