// Reads a source from the first row to the final counts, gives everything to a Presenter, and ends the source
// when the user asks for it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ctl/client/row_source.h"
#include "ctl/output/file_series.h"
#include "ctl/output/file_watch.h"
#include "ctl/output/presenter.h"
#include "ctl/output/stop_signal.h"
#include "proto/query/evaluate/filter.h"

namespace packetsentry::ctl {

struct SessionSettings {
    wire::Table table = wire::TABLE_PACKETS;  // of the rows
    std::string output_name = {};             // packets are saved there; empty: they are not
    bool output_on_stdout = false;            // and its reader may go away
    FileWatch output_file = {};               // of the file, where they are saved to one
    // The files, where packets are saved to several; output_name is the first one. Must outlive the
    // session.
    FileSeries* files = nullptr;
    bool quiet = false;            // counts go where the presenter keeps them
    bool progress = false;         // on standard error
    std::uint64_t file_bytes = 0;  // for the progress; 0: not known
    // The source searches the past. Its progress is shown after a second, and whoever asked tells what was
    // found instead of the last line.
    bool searches = false;
    // Told on standard error once packets are captured, for whoever waits for that; empty: nothing.
    std::string ready = {};
    bool waits = false;         // for an interface, before anything is captured
    std::string no_match = {};  // what helps whoever got no packet
    // Only rows that pass this filter are shown. It has no value if all rows are to be shown, as in a capture
    // of the client's own, whose worker has asked the display filter already.
    std::optional<query::Filter> display = {};
};

class Session {
  public:
    // Both must outlive it.
    Session(RowSource& source, Presenter& presenter, SessionSettings settings);

    // Until the source ends or the user stops it (the first signal lets what is under way come, the
    // second does not wait). However it ends, what came is presented and the ledger told. Error: the
    // source's or the presenter's; with an empty message where it has been told already.
    [[nodiscard]] base::Result<void> run();

    // After run(): whether the source was asked to end, by the user or because whoever read the output had
    // gone. Otherwise it ended by itself.
    [[nodiscard]] bool stopped() const { return stopping_; }
    // After run(): the last counts of the source; none: it told none.
    [[nodiscard]] const std::optional<wire::Ledger>& ledger() const { return ledger_; }

  private:
    [[nodiscard]] base::Result<void> loop();
    [[nodiscard]] base::Result<void> take_events();
    [[nodiscard]] base::Result<void> wait();
    [[nodiscard]] base::Result<void> read_channel();
    [[nodiscard]] base::Result<void> stop_as_asked();
    [[nodiscard]] base::Result<void> stop_source();
    [[nodiscard]] base::Result<void> close(base::Result<void> outcome);
    [[nodiscard]] base::Result<void> tell_saved();

    [[nodiscard]] base::Result<void> on(const Rows& rows);
    [[nodiscard]] std::uint32_t choose(const proto::BatchView& view);
    [[nodiscard]] base::Result<void> on(const Counts& counts);
    [[nodiscard]] base::Result<void> on(const wire::Gap& gap);
    [[nodiscard]] base::Result<void> on(const wire::Notice& notice);
    [[nodiscard]] base::Result<void> on(const End& end);
    [[nodiscard]] base::Result<void> on(const WantsFile& wants);
    void look_at_output(const wire::Ledger& ledger);

    [[nodiscard]] base::Result<void> saved() const;
    [[nodiscard]] bool watches_stdout() const;
    [[nodiscard]] static bool reader_gone();
    void tell_count(const std::string& text);
    void note_begin();
    void tell_no_match();
    [[nodiscard]] std::string last_line() const;
    void show_progress();
    void clear_progress();
    void begin_new_line();

    RowSource& source_;
    Presenter& presenter_;
    SessionSettings settings_;
    int signals_before_;  // looked up before any more can come
    StopSignal stop_signal_;
    int signals_seen_ = 0;
    bool stopping_ = false;  // the source has been asked
    bool ended_ = false;
    bool save_failed_ = false;
    bool reader_left_ = false;  // of the output, who has had enough of it
    bool whole_ = false;        // the source has told its last counts
    bool captures_ = false;     // or reads; it may have to wait for its interface first

    std::uint64_t shown_ = 0;
    std::uint64_t not_matching_ = 0;    // did not pass the display filter
    std::vector<std::uint8_t> chosen_;  // of the rows that are being shown
    std::uint64_t missed_ = 0;          // did not reach this client
    std::uint64_t not_kept_ = 0;        // were gone before it asked
    std::uint64_t position_ = 0;
    std::optional<wire::Ledger> ledger_;  // none: not told yet
    bool ledger_complete_ = false;        // it is the last one
    std::optional<base::Error> error_;    // the source's
    std::chrono::steady_clock::time_point began_;
    std::chrono::steady_clock::time_point progress_told_;
    bool progress_on_screen_ = false;
};

}  // namespace packetsentry::ctl
