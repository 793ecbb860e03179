#include "ctl/client/file_rows.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include <chrono>
#include <thread>
#include <vector>

#include "proto/link/mask_key.h"
#include "proto/link/peer_error.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

constexpr auto kReapPause = std::chrono::milliseconds(5);
constexpr int kReapTries = 400;

std::string death_of(int status) {
    if (WIFSIGNALED(status)) {
        const char* name = ::sigdescr_np(WTERMSIG(status));
        return "signal " + std::to_string(WTERMSIG(status)) +
               (name != nullptr ? std::string(", ") + name : "");
    }
    return "exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

FileRows::FileRows(proto::WorkerProcess worker, std::string name)
    : channel_(std::move(worker.link), proto::kBatchFrameLimit, 0),
      pid_(worker.pid),
      name_(std::move(name)) {}

FileRows::~FileRows() {
    if (pid_ > 0) (void)reap(ended_);
}

base::Result<std::unique_ptr<FileRows>> FileRows::start(const wire::CaptureSpec& capture, int input,
                                                        int output, const std::string& name) {
    const auto path = proto::find_worker();
    if (!path) return std::unexpected(path.error());
    auto worker = proto::start_worker(*path);
    if (!worker) return std::unexpected(worker.error());
    std::unique_ptr<FileRows> rows(new FileRows(std::move(*worker), name));
    if (auto sent = rows->begin(capture, input, output); !sent) return std::unexpected(sent.error());
    if (auto ready = rows->await_ready(); !ready) return std::unexpected(ready.error());
    return rows;
}

base::Result<void> FileRows::begin(const wire::CaptureSpec& capture, int input, int output) {
    wire::ToWorker message;
    *message.mutable_begin()->mutable_capture() = capture;
    reader_.expect_tables(capture);
    message.mutable_begin()->set_file(true);
    message.mutable_begin()->set_file_name(name_);
    if (capture.has_redaction())
        *message.mutable_begin()->mutable_terms()->mutable_redaction() = capture.redaction();
    if (capture.redaction().mask_addresses()) {
        auto key = proto::make_mask_key();  // of this run alone: nobody can undo it, nor compare
        if (!key) return std::unexpected(key.error());
        message.mutable_begin()->set_mask_key(std::move(*key));
    }
    std::vector<int> descriptors = {input};
    if (output >= 0) descriptors.push_back(output);
    if (capture.save().has_each_file()) reader_.expect_want_output();
    return send(message, descriptors);
}

base::Result<void> FileRows::await_ready() {
    for (;;) {
        if (const auto frame = channel_.next()) return first_answer(*frame);
        const auto readable = channel_.wait_readable(-1);
        if (!readable) return std::unexpected(readable.error());
        if (!*readable) continue;
        const auto open = channel_.receive();
        if (!open) return std::unexpected(open.error());
        if (!*open) return std::unexpected(lost());
    }
}

base::Result<void> FileRows::first_answer(std::string_view frame) {
    const auto event = read(frame);
    if (!event) return std::unexpected(event.error());
    if (const auto* ended = std::get_if<wire::Ended>(&*event)) {
        if (ended->has_error()) return std::unexpected(told_of_file(ended->error()));
        return base::fail(ErrorCode::internal, "the worker ended before it read the file");
    }
    file_bytes_ = std::get<wire::Ready>(*event).file_bytes();
    return {};
}

base::Result<proto::WorkerEvent> FileRows::read(std::string_view frame) {
    auto event = reader_.read(frame, std::chrono::steady_clock::now());
    ended_ = event && std::holds_alternative<wire::Ended>(*event);
    return event;
}

base::Result<void> FileRows::go() {
    wire::ToWorker message;
    message.mutable_go();
    reader_.expect_rows();
    return send(message);
}

base::Result<void> FileRows::give_output(std::uint64_t, int output, const std::string&,
                                         const std::string& failure) {
    wire::ToWorker message;
    message.mutable_next_output()->set_failure(failure);
    reader_.expect_want_output();
    return send(message, std::span<const int>(&output, output >= 0 ? 1 : 0));
}

base::Result<bool> FileRows::stop() {
    wire::ToWorker message;
    message.mutable_finish();
    if (auto sent = send(message); !sent) return std::unexpected(sent.error());
    return true;
}

// A worker that has gone shows when its link is read, with all it sent before; not here.
base::Result<void> FileRows::send(const wire::ToWorker& message, std::span<const int> descriptors) {
    const auto sent = channel_.send(message, descriptors);
    if (!sent && sent.error().code != ErrorCode::unreachable) return std::unexpected(sent.error());
    return {};
}

base::Result<std::optional<Event>> FileRows::next() {
    while (const auto frame = channel_.next()) {
        auto event = decode(*frame);
        if (!event || *event) return event;
    }
    return std::nullopt;
}

base::Result<std::optional<Event>> FileRows::decode(std::string_view frame) {
    auto event = read(frame);
    if (!event) return std::unexpected(event.error());
    if (auto* notice = std::get_if<wire::Notice>(&*event)) return std::move(*notice);
    if (const auto* rows = std::get_if<proto::NewRows>(&*event)) return event_of(*rows);
    if (const auto* report = std::get_if<wire::Report>(&*event)) return event_of(*report);
    if (const auto* ended = std::get_if<wire::Ended>(&*event)) return event_of(*ended);
    if (std::holds_alternative<wire::WantOutput>(*event)) return WantsFile{++outputs_};
    return std::nullopt;
}

// A file is read by one worker, which waits instead of shedding rows: their numbers are their sequence.
Event FileRows::event_of(const proto::NewRows& rows) const {
    return Rows{rows.first_number, &reader_.view()};
}

Event FileRows::event_of(const wire::Report& report) const {
    return Counts{report.ledger(), report.file_position()};
}

Event FileRows::event_of(const wire::Ended& ended) const {
    End end{ended.ledger(), std::nullopt};
    if (ended.has_error()) end.error = told_of_file(ended.error());
    return end;
}

base::Error FileRows::told_of_file(const wire::Error& error) const {
    base::Error told = proto::from_wire(error);
    const std::string shown = name_ == "-" ? "standard input" : "'" + name_ + "'";
    if (told.code == ErrorCode::file) told.message = "cannot read " + shown + ": " + told.message;
    return told;
}

base::Error FileRows::lost() {
    const int status = reap(true);
    if (WIFSIGNALED(status))
        if (auto told = proto::told_by_signal(WTERMSIG(status))) return *told;
    return {ErrorCode::internal, "the worker that read the file died (" + death_of(status) +
                                     "); the packets that it had read before were shown"};
}

int FileRows::reap(bool patiently) {
    int status = 0;
    const pid_t pid = std::exchange(pid_, -1);
    channel_ = proto::Channel(base::UniqueFd(), proto::kBatchFrameLimit, 0);
    for (int i = 0; patiently && i < kReapTries; ++i) {
        if (::waitpid(pid, &status, WNOHANG) != 0) return status;
        std::this_thread::sleep_for(kReapPause);
    }
    ::kill(pid, SIGKILL);
    ::waitpid(pid, &status, 0);
    return status;
}

}  // namespace packetsentry::ctl
