#include "ctl/output/row_session.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "ctl/output/complaint.h"
#include "ctl/output/progress.h"
#include "ctl/output/terminal.h"
#include "ctl/output/terminal_echo.h"
#include "ctl/render/tally.h"
#include "daemon/base/syscall.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;
using Clock = std::chrono::steady_clock;

constexpr auto kProgressPause = std::chrono::milliseconds(200);
constexpr auto kShortSearch = std::chrono::seconds(1);

std::string gap_text(const wire::Gap& gap, bool let_go) {
    const std::string rows = gap.first() == gap.last() ? "row " + std::to_string(gap.first())
                                                       : "rows " + std::to_string(gap.first()) + " to " +
                                                             std::to_string(gap.last());
    if (!let_go) return rows + " did not reach this client, because it was too slow";
    return rows + (gap.first() == gap.last() ? " is" : " are") + " no longer kept";
}

}  // namespace

Session::Session(RowSource& source, Presenter& presenter, SessionSettings settings)
    : source_(source),
      presenter_(presenter),
      settings_(std::move(settings)),
      signals_before_(StopSignal::count()),
      began_(Clock::now()),
      progress_told_(began_) {}

base::Result<void> Session::run() {
    if (!settings_.waits) note_begin();
    return close(loop());
}

base::Result<void> Session::loop() {
    while (!ended_) {
        if (auto taken = take_events(); !taken) return taken;
        if (ended_) break;
        if (auto waited = wait(); !waited) return waited;
    }
    return {};
}

base::Result<void> Session::take_events() {
    while (!ended_) {
        const auto event = source_.next();
        if (!event) return std::unexpected(event.error());
        if (!*event) break;
        auto done = std::visit([this](const auto& one) { return on(one); }, **event);
        if (!done) return done;
        if (!presenter_.closed()) continue;
        if (auto stopped = stop_source(); !stopped) return stopped;
    }
    return {};
}

base::Result<void> Session::wait() {
    const auto sending = static_cast<short>(source_.channel().unsent() != 0 ? POLLOUT : 0);
    std::array<pollfd, 3> entries = {{
        {source_.channel().fd(), static_cast<short>(POLLIN | sending), 0},
        {stop_signal_.fd(), POLLIN, 0},
        // A pipe whose reader goes says so without being asked for anything.
        {watches_stdout() ? STDOUT_FILENO : -1, 0, 0},
    }};
    if (::poll(entries.data(), entries.size(), -1) < 0 && errno != EINTR)
        return base::fail(ErrorCode::internal, base::syscall_text("wait for packets"));
    // A peer that has gone shows when its channel is read, with all it sent before; not here.
    if ((entries[0].revents & POLLOUT) != 0) (void)source_.channel().flush();
    if ((entries[0].revents & ~POLLOUT) != 0) {
        if (auto read = read_channel(); !read) return read;
    }
    if ((entries[2].revents & (POLLERR | POLLHUP)) != 0) {
        if (auto stopped = stop_source(); !stopped) return stopped;
    }
    return stop_as_asked();
}

base::Result<void> Session::read_channel() {
    const auto open = source_.channel().receive();
    if (!open) return std::unexpected(open.error());
    if (!*open) return std::unexpected(source_.lost());
    return {};
}

base::Result<void> Session::stop_as_asked() {
    const int signals = StopSignal::count() - signals_before_;
    if (signals == signals_seen_) return {};
    stop_signal_.acknowledge();
    if (signals_seen_ == 0) begin_new_line();
    signals_seen_ = signals;
    if (signals > 1) {
        ended_ = true;
        return {};
    }
    return stop_source();
}

base::Result<void> Session::stop_source() {
    if (std::exchange(stopping_, true)) return {};
    const auto more = source_.stop();
    if (!more) return std::unexpected(more.error());
    ended_ = !*more;
    if (ended_) {
        // Others' jobs go on: what has been counted until now is all there is to tell.
        if (!ledger_) ledger_ = source_.before();
        ledger_complete_ = true;
    }
    return {};
}

base::Result<void> Session::on(const Rows& rows) {
    note_begin();
    const std::uint32_t passed = choose(*rows.view);
    shown_ += passed;
    not_matching_ += rows.view->rows() - passed;
    if (settings_.searches)
        clear_progress();  // it may be on the terminal on which the rows are shown
    else
        show_progress();
    if (passed == 0) return {};
    return presenter_.rows(rows, chosen_);
}

std::uint32_t Session::choose(const proto::BatchView& view) {
    if (!settings_.display) return view.rows();
    chosen_.resize(view.rows());
    return settings_.display->evaluate(view, chosen_);
}

base::Result<void> Session::on(const Counts& counts) {
    if (!counts.waits) note_begin();
    ledger_ = counts.ledger;
    look_at_output(counts.ledger);
    position_ = counts.position;
    show_progress();
    return {};
}

base::Result<void> Session::on(const wire::Gap& gap) {
    const bool let_go = source_.from_start() && shown_ + not_matching_ == 0;
    (let_go ? not_kept_ : missed_) += gap.last() - gap.first() + 1;
    tell_count(gap_text(gap, let_go));
    return {};
}

base::Result<void> Session::on(const wire::Notice& notice) {
    const bool failed = notice.kind() == wire::Notice::SAVE_FAILED;
    // Whoever read our packets has had enough of them.
    if (failed && settings_.output_on_stdout && reader_gone()) {
        reader_left_ = true;
        return stop_source();
    }
    save_failed_ = save_failed_ || failed;
    clear_progress();
    if (failed)
        complain("packets are no longer saved" +
                 (settings_.output_name.empty() ? "" : " to " + settings_.output_name) + ": " +
                 notice.text());
    else if (!settings_.quiet || !presenter_.keeps_counts(notice.text()))
        complain(notice.text());
    return {};
}

base::Result<void> Session::on(const End& end) {
    ledger_ = end.ledger;
    look_at_output(end.ledger);
    whole_ = true;
    captures_ = captures_ || end.ledger.saved_bytes() != 0;
    // Behind the damage of a file there may be more than anybody counted.
    ledger_complete_ = !end.error || end.error->code != ErrorCode::file;
    error_ = end.error;
    ended_ = true;
    return {};
}

// The counts may still be those of a time before the present file was begun.
void Session::look_at_output(const wire::Ledger& ledger) {
    const std::uint64_t files = settings_.files == nullptr ? 1 : settings_.files->number();
    if (ledger.ended_files() + 1 == files)
        settings_.output_file.look(ledger.saved_bytes() - ledger.ended_bytes());
}

base::Result<void> Session::on(const WantsFile& wants) {
    if (settings_.files == nullptr)
        return source_.give_output(wants.number, -1, "", "the client saves to one file");
    const auto file = settings_.files->open_next();
    if (!file) return source_.give_output(wants.number, -1, "", file.error().message);
    settings_.output_name = settings_.files->name();
    settings_.output_file = FileWatch(file->get(), settings_.output_name);
    std::error_code error;
    const auto path = std::filesystem::absolute(settings_.output_name, error);
    return source_.give_output(wants.number, file->get(),
                               error ? settings_.output_name : path.lexically_normal().string(), "");
}

// Presents what there is, whatever became of the capture; the first thing that went wrong is told last.
base::Result<void> Session::close(base::Result<void> outcome) {
    clear_progress();
    const auto note = [&outcome](base::Result<void> step) {
        if (outcome && !step) outcome = std::move(step);
    };
    if (signals_seen_ > 0) note(presenter_.status("PacketSentry stopped by user"));
    const auto all_saved = saved();
    const bool tells =
        outcome && !error_ && all_saved && !save_failed_ && captures_ && !settings_.output_name.empty();
    if (tells) note(tell_saved());
    note(presenter_.end());
    if (!settings_.searches) tell_count(last_line());
    if (outcome && !error_ && shown_ == 0) tell_no_match();
    if (outcome && error_) return std::unexpected(*error_);
    if (outcome && save_failed_) return base::fail(ErrorCode::file, "");
    if (outcome) return all_saved;
    return outcome;
}

base::Result<void> Session::tell_saved() {
    const auto change = settings_.output_file.change();
    if (!change)
        return presenter_.status("Packets saved to " + (settings_.files == nullptr
                                                            ? settings_.output_name
                                                            : settings_.files->text()));
    std::string told = settings_.output_name + " " + std::string(change->what);
    if (change->lost) return base::fail(ErrorCode::file, std::move(told));
    complain(told);
    return {};
}

// Whether the output has all that was recorded. Who does not wait for the end knows what it had a moment
// before.
base::Result<void> Session::saved() const {
    if (!settings_.output_on_stdout || reader_left_ || !ledger_) return {};
    const std::uint64_t taken = ledger_->recorded() + ledger_->shed();
    const std::uint64_t missing = whole_ ? ledger_->not_saved() : taken - std::min(taken, ledger_->saved());
    if (missing == 0) return {};
    return base::fail(ErrorCode::file, (whole_ ? "" : "up to ") + std::to_string(missing) +
                                           " packets are not in " + settings_.output_name +
                                           ", because its reader did not read them in time");
}

std::string Session::last_line() const {
    const std::uint64_t not_shown = std::min(presenter_.not_shown(), shown_);
    render::Tally tally{.table = settings_.table,
                        .shown = shown_ - not_shown,
                        .missed = missed_,
                        .not_kept = not_kept_,
                        .not_shown = not_shown,
                        .not_matching = not_matching_,
                        .ledger = ledger_,
                        .complete = ledger_complete_};
    if (ledger_) tally.ledger = render::since(source_.before(), *ledger_);
    return render::ledger_text(tally);
}

void Session::note_begin() {
    captures_ = true;
    if (const std::string text = std::exchange(settings_.ready, ""); !text.empty()) tell(text);
}

void Session::tell_no_match() {
    if (!settings_.no_match.empty()) tell_count(settings_.no_match);
}

bool Session::watches_stdout() const {
    return !stopping_ && (!settings_.quiet || settings_.output_on_stdout);
}

bool Session::reader_gone() {
    pollfd entry{STDOUT_FILENO, 0, 0};
    return ::poll(&entry, 1, 0) > 0 && (entry.revents & POLLERR) != 0;
}

void Session::tell_count(const std::string& text) {
    clear_progress();
    if (settings_.quiet && presenter_.keeps_counts(text)) return;
    if (!settings_.quiet) tell(text);
}

void Session::show_progress() {
    const auto now = Clock::now();
    if (!settings_.progress || now - progress_told_ < kProgressPause) return;
    if (settings_.searches && now - began_ < kShortSearch) return;
    progress_told_ = now;
    const double seconds = std::chrono::duration<double>(now - began_).count();
    if (!Terminal::idle()) return;  // the line of before waits
    progress_on_screen_ = true;
    Terminal::tell(STDERR_FILENO, "\r" +
                                      progress_text({.packets = shown_,
                                                     .position = position_,
                                                     .size = settings_.file_bytes,
                                                     .seconds = seconds,
                                                     .searches = settings_.searches}) +
                                      "\x1b[K");
}

void Session::clear_progress() {
    if (!std::exchange(progress_on_screen_, false)) return;
    Terminal::tell(STDERR_FILENO, "\r\x1b[K");
}

// What follows is not to stand behind the progress, nor behind a terminal's "^C".
void Session::begin_new_line() {
    if (progress_on_screen_)
        clear_progress();
    else if (StopSignal::interrupted())
        leave_echoed_line();
}

}  // namespace packetsentry::ctl
