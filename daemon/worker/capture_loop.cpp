#include "daemon/worker/capture_loop.h"

#include <poll.h>

#include <algorithm>
#include <vector>

#include "daemon/worker/output_patience.h"
#include "proto/link/deadline.h"

namespace packetsentry::worker {
namespace {

using base::ErrorCode;
using base::Result;
using capture::SourceState;
using namespace std::chrono_literals;

constexpr std::size_t kReadLimit = 4096;  // packets between two looks at the link
constexpr auto kReportInterval = 500ms;
// A packet stamped before the handover may still be on its way into the kernel's ring.
constexpr auto kRingDelay = 100ms;
constexpr auto kFinishLimit = 1s;
// While a slow output is waited for, between two looks at the link.
constexpr auto kOutputStep = 100ms;
// The output is waited for so long when nobody waits for this worker any more.
constexpr auto kAlone = 5s;
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

}  // namespace

Result<wire::EndReason> CaptureLoop::run(const wire::Until& until) {
    recorder_.stop_at({.packets = until.packets(), .file_bytes = until.file_bytes()});
    if (until.duration_ns() != 0) deadline_ = proto::deadline_after(Clock::now(), until.duration_ns());
    report_due_ = Clock::now() + kReportInterval;
    sync_due_ = Clock::now() + kSyncInterval;
    pause_.begins(Clock::now());
    return read_until_done();
}

Result<wire::EndReason> CaptureLoop::read_until_done() {
    for (;;) {
        const auto begun = Clock::now();
        pause_.ends(begun);
        recorder_.look(begun);
        recorder_.analysis().look(wall_clock_ns());
        recorder_.keeping().look(begun);
        recorder_.saving().look(begun, source_.interfaces());
        if (recorder_.saving().wants_file()) {
            if (auto cut = recorder_.cut(); !cut) return std::unexpected(cut.error());
            if (auto asked = ask_for_file(); !asked) return std::unexpected(asked.error());
        }
        auto state = source_.read(recorder_, kReadLimit);
        if (recorder_.block_full() || !state || *state == SourceState::end) {
            if (auto asked = recorder_.ask_display_filter(); !asked) return std::unexpected(asked.error());
        }
        const bool done = !state || finished(*state);
        const bool idle = state && *state == SourceState::idle;
        if (auto sent = cut_and_report(done, idle); !sent) return std::unexpected(sent.error());
        if (auto told = tell_news(); !told) return std::unexpected(told.error());
        const bool ends = done || recorder_.limit_reached();
        if (ends) {
            if (auto ended = end_derived(!state); !ended) return std::unexpected(ended.error());
        }
        // What is damaged behind the last packet that was asked for concerns nobody.
        if (!state && !recorder_.limit_reached()) return std::unexpected(state.error());
        // Among packets that waited, there may have been the one that reaches a limit.
        if (ends) return end_reason(state.value_or(SourceState::end));
        if (idle) {
            if (auto waited = wait_for_packets(); !waited) return std::unexpected(waited.error());
        }
        if (auto taken = take_messages(); !taken) return std::unexpected(taken.error());
    }
}

// There is another worker only if this one ends because it was asked to.
Result<void> CaptureLoop::end_derived(bool failed) {
    const bool asked = finish_ns_ && !failed && !recorder_.limit_reached();
    return asked && passes_on_ ? recorder_.give_away() : recorder_.end_derived();
}

Result<wire::EndReason> CaptureLoop::end_reason(SourceState state) const {
    if (recorder_.limit_reached()) return wire::END_CONDITION;
    if (state == SourceState::end && begin_.file()) return wire::END_OF_FILE;
    if (finish_ns_) return wire::END_ASKED;
    if (state == SourceState::end)
        return base::fail(ErrorCode::interface,
                          "the interface has gone; what was captured until then is kept");
    return wire::END_CONDITION;
}

bool CaptureLoop::finished(SourceState state) const {
    if (recorder_.limit_reached() || state == SourceState::end) return true;
    const auto now = Clock::now();
    if (deadline_ && now >= *deadline_) return true;
    if (!finish_ns_) return false;
    if (begin_.file() || now >= finish_limit_) return true;
    const std::int64_t drained_ns = *finish_ns_ + std::chrono::nanoseconds(kRingDelay).count();
    if (wall_clock_ns() < drained_ns) return false;
    return recorder_.analysis().all_reached(drained_ns) ||
           (state == SourceState::idle && rings_reached(drained_ns));
}

// That nothing can be read from a ring does not mean that it is empty. The kernel shows a block that is not
// full when a timer of its own expires, and on a busy machine that may be late by any time.
bool CaptureLoop::rings_reached(std::int64_t time_ns) const {
    (void)source_.counters();
    const auto interfaces = source_.interfaces();
    for (std::size_t i = 0; i < interfaces.size(); ++i) {
        const capture::SourceInterface& ring = interfaces[i];
        const bool read = ring.delivered + ring.dropped_by_kernel >= ring.received;
        if (!read && !recorder_.analysis().reached(i, time_ns)) return false;
    }
    return true;
}

// Ends when there are no more, or when the link breaks: then nobody wants the packets.
Result<void> CaptureLoop::take_messages() {
    for (;;) {
        auto message = link_.receive();
        if (!message) return std::unexpected(message.error());
        if (!*message) return {};
        if (auto taken = take(**message); !taken) return taken;
    }
}

Result<void> CaptureLoop::take(const wire::ToWorker& message) {
    if (message.has_finish()) finish(message.finish());
    if (message.has_end_block()) return end_block();
    if (message.has_next_output()) recorder_.saving().give_file(file_of(message.next_output()));
    if (!message.has_next_segment()) return {};
    return recorder_.keeping().take(message.next_segment(), link_.take_descriptors());
}

Result<void> CaptureLoop::ask_for_file() {
    if (auto sent = send_report(); !sent) return sent;
    wire::FromWorker message;
    message.mutable_want_output();
    return link_.send(message);
}

// Not open: the packets go on in the present file.
Result<base::UniqueFd> CaptureLoop::file_of(const wire::NextOutput& next) {
    auto descriptors = link_.take_descriptors();
    if (next.none()) return base::UniqueFd();
    if (!next.failure().empty()) return base::fail(ErrorCode::file, next.failure());
    if (descriptors.size() != 1) return base::fail(ErrorCode::internal, "the next output file was not sent");
    return std::move(descriptors.front());
}

Result<base::UniqueFd> CaptureLoop::next_file() {
    if (link_.broken()) return base::UniqueFd();
    wire::FromWorker want;
    want.mutable_want_output();
    // If the link breaks, what was recorded is saved all the same.
    if (!link_.send(want)) return base::UniqueFd();
    for (;;) {
        auto message = link_.wait();
        if (!message) return base::UniqueFd();
        if (message->has_next_output()) return file_of(message->next_output());
        if (message->has_finish()) finish(message->finish());
    }
}

void CaptureLoop::finish(const wire::Finish& finish) {
    if (finish_ns_) {
        hurried_ = true;
        return;
    }
    finish_ns_ = finish.until_ns() != 0 ? finish.until_ns() : wall_clock_ns();
    finish_limit_ = Clock::now() + kFinishLimit;
    waits_for_reader_ = finish.wait_for_reader();
    passes_on_ = finish.pass_on() && !begin_.file();
    if (!begin_.file()) recorder_.analysis().take_until(*finish_ns_);
}

// What waits for a display filter is judged by the cut, which reports follow.
Result<void> CaptureLoop::end_block() {
    if (auto cut = recorder_.cut(); !cut) return cut;
    recorder_.keeping().end_block();
    return send_report();
}

Result<void> CaptureLoop::tell_news() {
    if (const auto error = recorder_.saving().take_error()) {
        if (auto sent = send_notice(wire::Notice::SAVE_FAILED, error->message, ""); !sent) return sent;
    }
    for (const auto& news : {recorder_.saving().take_news(Clock::now()),
                             recorder_.keeping().take_news(Clock::now()), recorder_.take_passed_news()}) {
        if (!news) continue;
        if (auto sent = send_notice(wire::Notice::OTHER, *news, ""); !sent) return sent;
    }
    while (const auto event = source_.next_event()) {
        if (auto sent = send_notice(notice_kind(event->kind), event->text, event->interface); !sent)
            return sent;
    }
    return {};
}

// Reports follow a cut, so that their counts balance.
Result<void> CaptureLoop::cut_and_report(bool done, bool idle) {
    const auto now = Clock::now();
    const auto due = recorder_.cut_due();
    const bool reports = now >= report_due_ || recorder_.keeping().runs_short();
    const bool cuts = done || reports || recorder_.batch_full() || (due && now >= *due) ||
                      (idle && recorder_.cuts_at_once());
    if (cuts) {
        if (auto cut = recorder_.cut(); !cut) return cut;
    }
    if (done || !reports) return {};
    if (!begin_.file() && now >= sync_due_) {
        recorder_.saving().sync();
        sync_due_ = Clock::now() + kSyncInterval;
    }
    return send_report();
}

Result<void> CaptureLoop::send_report() {
    report_due_ = Clock::now() + kReportInterval;
    wire::FromWorker message;
    // What was lost with a segment is counted when its end is reported.
    recorder_.keeping().report(*message.mutable_report()->mutable_segment());
    *message.mutable_report()->mutable_ledger() = recorder_.ledger();
    message.mutable_report()->set_file_position(source_.counters().position);
    message.mutable_report()->set_longest_pause_ns(static_cast<std::uint64_t>(pause_.take().count()));
    return link_.send(message);
}

Result<void> CaptureLoop::wait_for_packets() {
    std::vector<pollfd> entries;
    for (const int fd : source_.wait_fds()) entries.push_back({fd, POLLIN, 0});
    const auto link_events = static_cast<short>(POLLIN | (link_.waits_to_send() ? POLLOUT : 0));
    entries.push_back({link_.fd(), link_events, 0});
    // A signal or an error shows in the reads that follow.
    pause_.ends(Clock::now());
    (void)::poll(entries.data(), entries.size(), static_cast<int>(wait_time().count()));
    pause_.begins(Clock::now());
    return link_.flush();
}

std::chrono::milliseconds CaptureLoop::wait_time() const {
    auto due = report_due_;
    if (const auto cut = recorder_.cut_due()) due = std::min(due, *cut);
    if (deadline_) due = std::min(due, *deadline_);
    if (const auto file = recorder_.saving().file_due()) due = std::min(due, *file);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - Clock::now());
    // The thread that writes says only to those who ask that it wants a file.
    if (recorder_.saving().changes_file()) return std::clamp<std::chrono::milliseconds>(left, 0ms, 1ms);
    // While finishing, the ring's own delay is the pace.
    const auto most = finish_ns_ ? 10ms : source_.wait_limit().value_or(kReportInterval);
    return std::clamp<std::chrono::milliseconds>(left, 0ms, most);
}

Result<void> CaptureLoop::send_notice(wire::Notice::Kind kind, const std::string& text,
                                      const std::string& interface) {
    wire::FromWorker message;
    message.mutable_notice()->set_interface(interface);
    message.mutable_notice()->set_kind(kind);
    message.mutable_notice()->set_text(text);
    return link_.send(message);
}

// Gives up what is left, whoever it was that did not want to wait.
Result<void> CaptureLoop::save_the_rest(bool failed) {
    recorder_.end_saving(wall_clock_ns());
    if (auto waited = wait_for_output(); !waited) {
        save_alone();
        return waited;
    }
    recorder_.saving().give_up(failed || !waits_for_reader_);
    recorder_.keeping().give_up();
    return tell_news();
}

Result<void> CaptureLoop::wait_for_output() {
    Saving& saving = recorder_.saving();
    Keeping& keeping = recorder_.keeping();
    const auto waiting = [&] { return saving.bytes_waiting() + keeping.bytes_waiting(); };
    OutputPatience patience(Clock::now(), waiting(), saving.to_file() || keeping.active());
    saving.go_on(0ms);
    for (; !hurried_ && !(saving.settled() && keeping.settled()); go_on(kOutputStep)) {
        const auto now = Clock::now();
        if (!patience.goes_on(now, waiting(), waits_for_reader_)) return {};
        if (patience.tells(now)) {
            if (auto sent = send_notice(wire::Notice::OTHER, slow_output_text(), ""); !sent) return sent;
        }
        if (now >= report_due_) {
            if (auto sent = send_report(); !sent) return sent;
        }
        if (auto taken = take_messages(); !taken) return taken;
        if (!saving.wants_file()) continue;
        if (auto asked = ask_for_file(); !asked) return asked;
    }
    return {};
}

void CaptureLoop::go_on(std::chrono::milliseconds time) {
    Saving& saving = recorder_.saving();
    if (saving.awaits_file()) {
        pollfd entry{link_.fd(), POLLIN, 0};
        (void)link_.flush();
        (void)::poll(&entry, 1, static_cast<int>(time.count()));
    } else if (saving.settled()) {
        recorder_.keeping().go_on(time);
    } else {
        saving.go_on(time);
    }
}

// The cut saves what still waits for the display filter; its rows go nowhere.
void CaptureLoop::save_alone() {
    (void)recorder_.cut();
    recorder_.keeping().end();
    recorder_.saving().stay_in_file();
    recorder_.saving().complete();
    recorder_.saving().go_on(kAlone);
    recorder_.saving().give_up(true);
    recorder_.keeping().go_on(kAlone);
}

std::string CaptureLoop::slow_output_text() {
    Saving& saving = recorder_.saving();
    if (saving.settled())
        return "the disk of the spool is slow: the last rows are still being written to it; stop the capture "
               "again to end it at once";
    if (saving.packets_waiting() == 0)
        return "the disk of the output is slow: the last packets are still being written to it; stop the "
               "capture again to end it at once";
    const std::string begin =
        saving.to_file() ? "the disk of the output is slow: " : "the reader of the output is slow: ";
    return begin + std::to_string(saving.packets_waiting()) +
           " packets wait for it; stop the capture again to end it without them";
}

}  // namespace packetsentry::worker
