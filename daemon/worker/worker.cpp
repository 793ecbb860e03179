#include "daemon/worker/worker.h"

#include <unistd.h>

#include <algorithm>
#include <new>
#include <string>
#include <system_error>
#include <utility>

#include "daemon/worker/answering.h"
#include "daemon/worker/tidying.h"
#include "proto/link/peer_error.h"
#include "proto/words/filter.h"
#include "proto/words/table_names.h"

namespace packetsentry::worker {

using base::ErrorCode;
using base::Result;

int Worker::run() {
    auto first = link_.wait();
    if (!first) return 1;
    if (first->has_ask()) return answer(first->ask(), link_, unlisted_);
    if (first->has_tidy()) return tidy(first->tidy(), link_, unlisted_);
    if (!first->has_begin()) return 1;
    begin_ = std::move(*first->mutable_begin());
    return run_capture();
}

int Worker::run_capture() {
    const auto outcome = capture_with_what_there_is();
    if (link_.broken()) {
        if (loop_) loop_->save_alone();
        return 1;
    }
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
    if (auto opened = open(); !opened) return std::unexpected(opened.error());
    if (begin_.only_filters()) return wire::END_ASKED;
    auto go = wait_for_go();
    if (!go) return std::unexpected(go.error());
    if (!*go) return wire::END_ASKED;
    prepare(**go);
    return loop_->run((*go)->has_until() ? (*go)->until() : begin_.capture().until());
}

Result<void> Worker::open() {
    if (auto opened = open_capture(begin_, link_, unlisted_, opened_); !opened) return opened;
    if (opened_.source) make_recorder();
    return send_ready();
}

void Worker::make_recorder() {
    const auto mode = begin_.file() ? CaptureMode::file : CaptureMode::live;
    recorder_ = std::make_unique<Recorder>(mode, *opened_.source, std::move(opened_.writer), link_,
                                           std::move(opened_.redactor));
    recorder_->analysis().take_only(opened_.options);
    recorder_->take_only(std::move(opened_.display));
    if (begin_.file()) recorder_->analysis().take_only_packet(begin_.capture().only_place());
    if (begin_.capture().with_bytes()) recorder_->keep_captured();
    const std::uint64_t most = begin_.terms().packets_per_second();
    if (!begin_.file() && most != 0) recorder_->analysis().limit_rate(most);
    if (begin_.capture().save().has_each_file())
        recorder_->saving().limit_files(begin_.capture().save().each_file(),
                                        [this] { return loop_->next_file(); });
    recorder_->keeping().start(std::move(opened_.segments), begin_);
    choose_tables();
    loop_.emplace(begin_, *opened_.source, *recorder_, link_);
}

void Worker::choose_tables() {
    const auto& tables = begin_.capture().table();
    const auto wants = [&](wire::Table table) { return std::ranges::find(tables, table) != tables.end(); };
    const bool masked = begin_.terms().redaction().mask_addresses();
    if (wants(wire::TABLE_FLOWS))
        recorder_->make_flows(FlowRows::Wanted::rows, masked, begin_.flow_bytes());
    else if (begin_.capture().with_names())
        recorder_->make_flows(FlowRows::Wanted::notes_and_names, masked, begin_.flow_bytes());
    else if (begin_.capture().with_notes())
        recorder_->make_flows(FlowRows::Wanted::only_notes, masked, begin_.flow_bytes());
    for (const proto::TableName& name : proto::kTableNames)
        if (wants(name.table)) recorder_->make_transactions(name.table);
    if (!tables.empty() && !wants(wire::TABLE_PACKETS)) recorder_->leave_packets_out();
}

Result<void> Worker::send_ready() {
    wire::FromWorker message;
    wire::Ready& ready = *message.mutable_ready();
    ready.set_filter(proto::whole_filter_text(begin_.terms().required_filter(), opened_.filter_text));
    ready.set_file_bytes(opened_.file_bytes);
    ready.mutable_filter_instructions()->Assign(opened_.filter_lengths.begin(), opened_.filter_lengths.end());
    // A file may have very many, and nobody asks for their types.
    if (opened_.source && !begin_.file())
        for (const capture::SourceInterface& interface : opened_.source->interfaces())
            ready.add_link_type(interface.link_type);
    return link_.send(message);
}

// None: told to finish before it began.
Result<std::optional<wire::Go>> Worker::wait_for_go() {
    for (;;) {
        auto message = link_.wait();
        if (!message) return std::unexpected(message.error());
        if (message->has_go()) return std::move(*message->mutable_go());
        if (message->has_end_block()) continue;  // there is none yet
        if (message->has_passed()) {
            recorder_->adopt(message->passed());
            continue;
        }
        if (message->has_next_output()) {
            if (auto taken = take_output(); !taken) return std::unexpected(taken.error());
            continue;
        }
        if (!message->has_next_segment()) return std::nullopt;
        auto taken = recorder_->keeping().take(message->next_segment(), link_.take_descriptors());
        if (!taken) return std::unexpected(taken.error());
    }
}

// The worker before this one has gone on in another file since Begin.
Result<void> Worker::take_output() {
    auto descriptors = link_.take_descriptors();
    if (descriptors.size() != 1 || opened_.output < 0)
        return base::fail(ErrorCode::usage, "the worker was sent an output for which it has no use");
    opened_.output = descriptors.front().get();
    recorder_->saving().replace_output(std::move(descriptors.front()));
    return {};
}

void Worker::prepare(const wire::Go& go) {
    const auto now = std::chrono::steady_clock::now();
    if (go.saving_ended())
        recorder_->saving().stop();
    else if (go.has_output_bytes())
        cut_output(static_cast<off_t>(go.output_bytes()));
    if (go.from_ns() != 0) recorder_->analysis().take_from(go.from_ns());
    // What was begun by a worker that died before it had written anything is no file to be left.
    const bool empty = go.has_output_bytes() && go.output_bytes() == 0;
    recorder_->saving().begin(now, begin_.capture().save().continued() && !empty);
    recorder_->keeping().begin(go.run(), now);
    recorder_->settle();
}

// The place to write at is the dead worker's too.
void Worker::cut_output(off_t bytes) {
    if (opened_.output < 0) return;
    if (::ftruncate(opened_.output, bytes) == 0) (void)::lseek(opened_.output, bytes, SEEK_SET);
    if (bytes == 0) recorder_->saving().from_the_head();
}

Result<void> Worker::send_ended(const Result<wire::EndReason>& outcome) {
    wire::FromWorker message;
    wire::Ended& ended = *message.mutable_ended();
    ended.set_reason(outcome ? *outcome : wire::END_FAILED);
    if (!outcome) *ended.mutable_error() = proto::to_wire(outcome.error());
    if (loop_) {
        if (auto saved = loop_->save_the_rest(!outcome); !saved) return saved;
        recorder_->keeping().report(*ended.mutable_segment());
        *ended.mutable_ledger() = recorder_->ledger();
    }
    if (auto sent = link_.send(message); !sent) return sent;
    return link_.drain();
}

}  // namespace packetsentry::worker
