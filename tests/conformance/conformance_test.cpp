// Reads every capture of a corpus with our reader and dissectors, and compares each packet with the
// truth that lies beside it. README.md tells how to read a failure.
#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>

#include "daemon/capture/file/file_source.h"
#include "daemon/dissect/dissect.h"
#include "tests/conformance/columns.h"
#include "tests/conformance/corpus.h"
#include "tests/conformance/differences.h"
#include "tests/conformance/tab_separated.h"

namespace packetsentry::conformance {
namespace {

namespace fs = std::filesystem;

std::string joined(const Values& values) {
    std::string text;
    for (const std::string& value : values) text += (text.empty() ? "" : " | ") + value;
    return text.empty() ? "nothing" : '\'' + text + '\'';
}

struct Agreement {
    std::size_t compared = 0;
    std::size_t agreed = 0;
    std::size_t listed = 0;  // differences on purpose
};

class Comparison : public capture::PacketSink {
  public:
    explicit Comparison(const fs::path& differences) : differences_(differences) {}

    void begin(std::string capture, const Table& truth) {
        capture_ = std::move(capture);
        truth_ = &truth;
        packets_ = 0;
    }

    bool packet(const capture::Packet& packet) override {
        dissect::dissect(packet.frame, packet.wire_bytes, packet.link_type, dissection_);
        const std::size_t row = packets_++;
        for (const Column& column : columns()) compare(column, {packet, dissection_}, row);
        return true;
    }

    [[nodiscard]] std::size_t packets() const { return packets_; }
    [[nodiscard]] const Differences& differences() const { return differences_; }

    void print() const {
        std::printf("%-38s %8s %8s %8s %s\n", "field", "agree", "of", "percent", "listed differences");
        Agreement all;
        for (const Column& column : columns()) {
            const auto found = by_field_.find(column.name);
            if (found == by_field_.end()) continue;
            print_line(column.name, found->second);
            all.compared += found->second.compared;
            all.agreed += found->second.agreed;
            all.listed += found->second.listed;
        }
        print_line("all", all);
        std::printf("\n%-38s %8s reason\n", "listed differences", "cells");
        for (const auto& [cause, cells] : by_cause_)
            std::printf("%-38s %8zu %s\n", cause.first.c_str(), cells, cause.second.c_str());
    }

  private:
    static void print_line(std::string_view name, const Agreement& agreement) {
        const double percent =
            100.0 * static_cast<double>(agreement.agreed) / static_cast<double>(agreement.compared);
        std::printf("%-38.*s %8zu %8zu %7.2f%% %zu\n", static_cast<int>(name.size()), name.data(),
                    agreement.agreed, agreement.compared, percent, agreement.listed);
    }

    void compare(const Column& column, const Ours& ours, std::size_t row) {
        const Values truth = column.truth(*truth_, row, column.name);
        const Values mine = column.ours(ours);
        if (truth.empty() && (mine.empty() || column.only_where_told)) return;
        Agreement& agreement = by_field_[column.name];
        ++agreement.compared;
        if (truth == mine) {
            ++agreement.agreed;
        } else if (const std::string* reason =
                       differences_.met(capture_, row + 1, std::string(column.name))) {
            ++agreement.listed;
            ++by_cause_[{std::string(column.name), *reason}];
        } else {
            ADD_FAILURE() << capture_ << " packet " << row + 1 << ' ' << column.name << ": ours "
                          << joined(mine) << ", truth " << joined(truth) << " ("
                          << truth_->cell(row, "_ws.col.Info") << ')';
        }
    }

    Differences differences_;
    dissect::Dissection dissection_;
    std::map<std::string_view, Agreement> by_field_;
    std::map<std::pair<std::string, std::string>, std::size_t> by_cause_;  // field and reason: cells
    std::string capture_;
    const Table* truth_ = nullptr;
    std::size_t packets_ = 0;
};

// The error that ended the reading; empty: none.
std::string read_all(const fs::path& capture, Comparison& comparison) {
    auto source =
        capture::FileSource::open(base::UniqueFd(::open(capture.c_str(), O_RDONLY | O_CLOEXEC)), {});
    if (!source) return source.error().message;
    for (;;) {
        const auto state = (*source)->read(comparison, 1000);
        if (!state) return state.error().message;
        if (*state == capture::SourceState::end) return {};
    }
}

void compare_capture(const fs::path& folder, const std::string& name, bool damaged, Comparison& comparison) {
    const Table truth(folder / "truth" / (name + ".tsv"));
    comparison.begin(name, truth);
    const std::string error = read_all(folder / "captures" / name, comparison);
    EXPECT_EQ(comparison.packets(), truth.rows()) << name;
    EXPECT_EQ(!error.empty(), damaged) << name << ": " << error;
}

TEST(Conformance, EveryPacketOfTheCorpus) {
    const fs::path folder = corpus();
    if (!fs::exists(folder / "SOURCES.tsv"))
        GTEST_SKIP() << "NOT COMPARED: there is no corpus in " << folder << " (set PACKETSENTRY_CORPUS)";
    Comparison comparison(fs::path(PACKETSENTRY_SOURCE_DIR) / "tests/conformance/differences.tsv");
    const Table sources(folder / "SOURCES.tsv");
    ASSERT_GT(sources.rows(), 0U);
    for (std::size_t row = 0; row < sources.rows(); ++row)
        compare_capture(folder, sources.cell(row, "name"), sources.cell(row, "tshark_exit") != "0",
                        comparison);
    comparison.print();
    for (const std::string& name : comparison.differences().not_met())
        ADD_FAILURE() << name << " is listed in differences.tsv, but there is no difference";
}

}  // namespace
}  // namespace packetsentry::conformance
