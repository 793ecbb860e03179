// The client's own options against the dissector: over every packet of the corpus, the program of a filter
// word passes what the dissector says is of that kind, and nothing else. What it cannot decide on is decided
// by what the dissector says, and must be little.
#include <fcntl.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/capture/file/file_source.h"
#include "daemon/capture/filter/packet_filter_program.h"
#include "daemon/dissect/dissect.h"
#include "daemon/worker/own_options.h"
#include "proto/words/filter.h"
#include "tests/conformance/corpus.h"

namespace packetsentry::conformance {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kSnapshot = 262144;
constexpr std::uint32_t kUndecided = 1;

class WordCheck : public capture::PacketSink {
  public:
    void begin(std::string capture) {
        capture_ = std::move(capture);
        number_ = 0;
    }

    bool packet(const capture::Packet& packet) override {
        ++number_;
        dissect::dissect(packet.frame, packet.wire_bytes, packet.link_type, dissection_);
        for (const proto::FilterWord& word : proto::filter_words()) check(word, packet);
        return true;
    }

    [[nodiscard]] std::size_t compared() const { return compared_; }
    [[nodiscard]] std::size_t passed() const { return passed_; }
    [[nodiscard]] std::size_t undecided() const { return undecided_; }

  private:
    void check(const proto::FilterWord& word, const capture::Packet& packet) {
        const std::vector<bpf_insn>* const program = program_of(word, packet.link_type);
        if (program == nullptr) return;
        const auto passed = bpf_filter(program->data(), reinterpret_cast<const u_char*>(packet.frame.data()),
                                       packet.wire_bytes, static_cast<u_int>(packet.frame.size()));
        ++compared_;
        if (passed == kUndecided) {
            ++undecided_;
            return;
        }
        passed_ += passed != 0 ? 1 : 0;
        EXPECT_EQ(passed != 0, worker::passes(options_of(word), dissection_))
            << capture_ << " packet " << number_ << " -f " << word.name << ", of protocol "
            << dissection_.protocol->word;
    }

    static base::PacketFilter options_of(const proto::FilterWord& word) {
        return {.kinds = {word.kinds.begin(), word.kinds.end()}};
    }

    const std::vector<bpf_insn>* program_of(const proto::FilterWord& word, std::uint32_t link_type) {
        const auto [found, is_new] = programs_.try_emplace({word.name, link_type});
        if (is_new)
            found->second =
                capture::packet_filter_program(options_of(word), link_type, kSnapshot, kUndecided);
        return found->second ? &*found->second : nullptr;
    }

    std::map<std::pair<std::string_view, std::uint32_t>, std::optional<std::vector<bpf_insn>>> programs_;
    dissect::Dissection dissection_;
    std::string capture_;
    std::size_t number_ = 0;
    std::size_t compared_ = 0;
    std::size_t passed_ = 0;
    std::size_t undecided_ = 0;
};

TEST(Options, MeanWhatTheDissectorSays) {
    const fs::path folder = corpus();
    if (!fs::exists(folder / "SOURCES.tsv"))
        GTEST_SKIP() << "NOT COMPARED: there is no corpus in " << folder << " (set PACKETSENTRY_CORPUS)";
    WordCheck check;
    for (const auto& entry : fs::directory_iterator(folder / "captures")) {
        check.begin(entry.path().filename());
        auto source =
            capture::FileSource::open(base::UniqueFd(::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC)), {});
        while (source) {
            const auto state = (*source)->read(check, 1000);
            if (!state || *state == capture::SourceState::end) break;
        }
    }
    EXPECT_GT(check.passed(), 2'000U);
    EXPECT_GT(check.compared(), check.passed());
    EXPECT_LT(check.undecided(), check.compared() / 10);
}

}  // namespace
}  // namespace packetsentry::conformance
