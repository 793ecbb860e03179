// Speaks the worker's link, well or badly: the BPF text of the filter names the behaviour, or the policy's
// filter that it is to look at, or the pattern for names of a question. Captures nothing.
#include <signal.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "proto/link/channel.h"
#include "proto/link/start_worker.h"
#include "proto/messages/worker.pb.h"
#include "tests/support/test_batch.h"

namespace {

using namespace packetsentry;

constexpr std::uint32_t kRows = 10;
constexpr std::string_view kNeeds = "fails without ";  // a file, in place of an interface

class FakeWorker {
  public:
    FakeWorker() : channel_(base::UniqueFd(proto::kWorkerLinkFd), proto::kRequestLimit, 0) {}

    int run() {
        const wire::ToWorker begin = wait();
        descriptors_ = channel_.take_descriptors();
        if (begin.has_ask()) return answer(begin.ask().question().name_pattern());
        const bool only_filters = begin.begin().only_filters();
        behaviour_ =
            only_filters ? begin.begin().terms().required_filter() : begin.begin().capture().filter().bpf();
        if (only_filters && behaviour_.empty()) behaviour_ = begin.begin().capture().filter().display();
        until_ = begin.begin().capture().until().packets();
        if (behaviour_.starts_with(kNeeds) && ::access(behaviour_.c_str() + kNeeds.size(), F_OK) != 0)
            return end(wire::END_FAILED, "no interface 'lo'");
        if (is("refuse")) return end(wire::END_FAILED, "no such filter");
        if (is("silent exit") || begin.begin().terms().required_filter() == "silent exit") return 3;
        if (is("hang before ready")) ::pause();
        if (is("rows first")) send_rows(kRows);
        if (is("garbage")) send_raw(std::string("\xff\xff\xff", 3));
        if (is("empty")) send_raw("");
        if (is("huge")) (void)!::write(channel_.fd(), "\xff\xff\xff\xff", 4);
        if (is("notice first")) send_notice(wire::Notice::OTHER);
        if (is("rows before go")) {
            send_ready();
            send_rows(kRows);
        }
        if (is("ready late")) ::usleep(700'000);
        if (is("late and mortal")) ::usleep(400'000);
        send_ready();
        if (only_filters) return end(wire::END_ASKED);
        if (is("ready twice")) send_ready();
        return capture();
    }

  private:
    bool is(const char* behaviour) const { return behaviour_ == behaviour; }

    // wishes: a digit for the next segment of that stream, with a dot behind it for its first one once more.
    int answer(std::string_view wishes) {
        send_ready();
        for (std::size_t at = 0; at < wishes.size(); ++at) {
            if (wishes[at] == '.') continue;
            wire::FromWorker message;
            message.mutable_want()->set_stream(static_cast<std::uint32_t>(wishes[at] - '0'));
            message.mutable_want()->set_again(wishes.substr(at + 1).starts_with('.'));
            send(message);
            (void)wait();
        }
        return end(wire::END_ASKED);
    }

    int capture() {
        const wire::ToWorker go = wait();
        if (!go.has_go()) return end(wire::END_ASKED);
        send_rows(kRows);
        if (is("no rows")) send_rows(0);
        if (is("skips rows")) {
            ++skipped_;
            send_rows(kRows);
        }
        if (is("forged batch")) send_raw_batch("\x10\x05");
        if (is("counts back")) {
            send_report(rows_);
            send_report(rows_ - 5);
        }
        if (is("no balance")) {
            wire::FromWorker message;
            fill(*message.mutable_report()->mutable_ledger(), rows_);
            message.mutable_report()->mutable_ledger()->set_shed(1);
            send(message);
        }
        if (is("long notice")) send_notice(wire::Notice::OTHER, std::string(100'000, 'x'));
        if (is("wrong sum")) return end(wire::END_ASKED, "", 1);
        if (is("condition")) return end(wire::END_CONDITION);
        if (is("fails")) return end(wire::END_FAILED, "the interface has gone");
        if (is("killed")) ::kill(::getpid(), SIGKILL);
        if (is("exits")) return 3;
        if (is("after the end")) {
            end(wire::END_ASKED);
            send_rows(kRows);
            return 0;
        }
        if (is("down")) send_notice(wire::Notice::INTERFACE_DOWN);
        if (is("down and up")) {
            send_notice(wire::Notice::INTERFACE_DOWN);
            send_notice(wire::Notice::INTERFACE_UP);
        }
        if (is("late and mortal")) {
            ::usleep(300'000);
            return 3;
        }
        if (!descriptors_.empty() && !go.go().saving_ended())
            (void)!::write(descriptors_.front().get(), behaviour_.data(), behaviour_.size());
        return until_told();
    }

    // Ten rows every few milliseconds until Finish.
    int until_told() {
        for (;;) {
            send_report(rows_);
            if (finish_came() && !is("deaf")) {
                if (is("fails late")) return end(wire::END_FAILED, "the interface has gone");
                if (is("fails to save")) send_notice(wire::Notice::SAVE_FAILED);
                return end(wire::END_ASKED);
            }
            if (is("deaf") || is("quiet")) continue;
            if (until_ != 0 && rows_ >= until_) return end(wire::END_CONDITION);
            if (is("flood"))
                for (int i = 0; i < 100; ++i) send_rows(1000);
            else
                send_rows(kRows);
        }
    }

    // Within a few milliseconds.
    bool finish_came() {
        (void)channel_.wait_readable(5);
        receive();
        const auto frame = channel_.next();
        return frame && parsed(*frame).has_finish();
    }

    wire::ToWorker wait() {
        for (;;) {
            if (const auto frame = channel_.next()) return parsed(*frame);
            (void)channel_.wait_readable(-1);
            receive();
        }
    }
    void receive() {
        const auto open = channel_.receive();
        if (!open || !*open) ::_exit(0);
    }
    static wire::ToWorker parsed(std::string_view frame) {
        wire::ToWorker message;
        message.ParseFromArray(frame.data(), static_cast<int>(frame.size()));
        return message;
    }

    void send(const wire::FromWorker& message) {
        (void)channel_.send(message);
        (void)channel_.drain();
    }
    void send_raw(const std::string& bytes) {
        (void)channel_.send_bytes(bytes);
        (void)channel_.drain();
    }
    void send_raw_batch(const std::string& bytes) {
        wire::FromWorker message;
        message.mutable_rows()->set_batch(bytes);
        fill(*message.mutable_rows()->mutable_ledger(), rows_);
        send(message);
    }
    void send_ready() {
        wire::FromWorker message;
        message.mutable_ready()->set_filter("text of " + behaviour_);
        send(message);
    }
    void send_rows(std::uint32_t rows) {
        const std::uint64_t first = skipped_ + rows_ + 1;
        rows_ += rows;
        send_raw_batch(test::test_batch_bytes(first, rows, static_cast<std::int64_t>(first) * 1000));
    }
    void send_report(std::uint64_t recorded) {
        wire::FromWorker message;
        fill(*message.mutable_report()->mutable_ledger(), recorded);
        send(message);
    }
    void send_notice(wire::Notice::Kind kind, const std::string& text = "something") {
        wire::FromWorker message;
        message.mutable_notice()->set_kind(kind);
        message.mutable_notice()->set_text(text);
        message.mutable_notice()->set_interface("lo");
        send(message);
    }
    static void fill(wire::Ledger& ledger, std::uint64_t recorded) {
        ledger.set_received(recorded);
        ledger.set_delivered(recorded);
        ledger.set_recorded(recorded);
    }
    int end(wire::EndReason reason, const std::string& error = "", std::uint64_t uncounted = 0) {
        wire::FromWorker message;
        message.mutable_ended()->set_reason(reason);
        fill(*message.mutable_ended()->mutable_ledger(), rows_ + uncounted);
        if (!error.empty()) {
            message.mutable_ended()->mutable_error()->set_code(behaviour_.starts_with("fails") ? 2 : 4);
            message.mutable_ended()->mutable_error()->set_message(error);
        }
        send(message);
        return 0;
    }

    proto::Channel channel_;
    std::vector<base::UniqueFd> descriptors_;
    std::string behaviour_;
    std::uint64_t skipped_ = 0;
    std::uint64_t until_ = 0;
    std::uint64_t rows_ = 0;
};

}  // namespace

int main() {
    return FakeWorker().run();
}
