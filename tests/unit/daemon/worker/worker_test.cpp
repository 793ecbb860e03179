// The real worker program over its link, as packetsentryd and packetsentryctl start it.
#include "daemon/worker/worker.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <string>
#include <vector>

#include "proto/link/start_worker.h"
#include "proto/rows/batch_view.h"
#include "tests/support/packet_builder.h"

namespace packetsentry::worker {
namespace {

void put32(std::string& bytes, std::uint32_t value) {
    for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
}

// A little-endian microsecond pcap of raw IP packets (LINKTYPE_RAW) with nothing but an IPv4 header.
std::string pcap_file(std::uint32_t packets) {
    std::string bytes;
    for (const std::uint32_t word : {0xa1b2c3d4U, 0x00040002U, 0U, 0U, 262144U, 101U}) put32(bytes, word);
    const std::string header{0x45, 0, 0, 20, 0, 0, 0, 0, 64, 59, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2};
    for (std::uint32_t i = 0; i < packets; ++i) {
        for (const std::uint32_t word : {1'000'000U + i, 0U, 20U, 20U}) put32(bytes, word);
        bytes += header;
    }
    return bytes;
}

// The same of NFLOG packets (LINKTYPE_NFLOG), each of UDP to one of the ports, of which no program of a
// filter knows.
std::string nflog_file(const std::vector<std::uint16_t>& ports) {
    std::string bytes;
    for (const std::uint32_t word : {0xa1b2c3d4U, 0x00040002U, 0U, 0U, 262144U, 239U}) put32(bytes, word);
    for (const std::uint16_t port : ports) {
        const test::Bytes frame = test::PacketBuilder().nflog().ipv4().udp(4000, port).build();
        const auto size = static_cast<std::uint32_t>(frame.size());
        for (const std::uint32_t word : {1'000'000U, 0U, size, size}) put32(bytes, word);
        bytes.append(reinterpret_cast<const char*>(frame.data()), frame.size());
    }
    return bytes;
}

base::UniqueFd file_of(const std::string& bytes) {
    base::UniqueFd file(::memfd_create("capture", MFD_CLOEXEC));
    EXPECT_EQ(::write(file.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    ::lseek(file.get(), 0, SEEK_SET);
    return file;
}

std::string content(const base::UniqueFd& file) {
    std::string bytes(static_cast<std::size_t>(::lseek(file.get(), 0, SEEK_END)), '\0');
    EXPECT_EQ(::pread(file.get(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
    return bytes;
}

// One run of the program.
class WorkerTest : public testing::Test {
  protected:
    void SetUp() override {
        auto started = proto::start_worker(PACKETSENTRY_WORKER);
        ASSERT_TRUE(started) << started.error().message;
        pid_ = started->pid;
        channel_.emplace(std::move(started->link), proto::kBatchFrameLimit, 0);
    }
    void TearDown() override {
        channel_.reset();
        if (pid_ > 0 && !reaped_) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
    }

    void begin(const wire::Begin& begin, std::span<const int> descriptors) {
        wire::ToWorker message;
        *message.mutable_begin() = begin;
        ASSERT_TRUE(channel_->send(message, descriptors).value());
    }
    void go() {
        wire::ToWorker message;
        message.mutable_go();
        ASSERT_TRUE(channel_->send(message).value());
    }
    wire::FromWorker next() {
        wire::FromWorker message;
        for (;;) {
            if (const auto frame = channel_->next()) {
                EXPECT_TRUE(message.ParseFromArray(frame->data(), static_cast<int>(frame->size())));
                return message;
            }
            if (!channel_->wait_readable(10'000).value() || !channel_->receive().value()) return message;
        }
    }
    // Everything up to Ended.
    wire::Ended run_to_end() {
        for (;;) {
            const wire::FromWorker message = next();
            if (message.has_ended()) return message.ended();
            if (!message.has_report() && !message.has_rows()) {
                ADD_FAILURE() << "neither a batch nor a report: " << message.ShortDebugString();
                return {};
            }
            wire::Batch batch;
            if (message.has_rows() && batch.ParseFromString(message.rows().batch())) {
                EXPECT_TRUE(proto::BatchView::check(batch));
                EXPECT_EQ(batch.first_number(), rows_ + 1);
                rows_ += batch.rows();
            }
        }
    }
    int exit_code() {
        int status = 0;
        ::waitpid(pid_, &status, 0);
        reaped_ = true;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    pid_t pid_ = -1;
    bool reaped_ = false;
    std::optional<proto::Channel> channel_;
    std::uint64_t rows_ = 0;
};

TEST_F(WorkerTest, ReadsAFileToItsEnd) {
    const base::UniqueFd file = file_of(pcap_file(10'000));
    wire::Begin message;
    message.set_file(true);
    begin(message, std::array{file.get()});
    const wire::FromWorker ready = next();
    ASSERT_TRUE(ready.has_ready()) << ready.ShortDebugString();
    EXPECT_EQ(ready.ready().file_bytes(), pcap_file(10'000).size());
    go();
    const wire::Ended ended = run_to_end();
    EXPECT_EQ(ended.reason(), wire::END_OF_FILE);
    EXPECT_EQ(rows_, 10'000U);
    EXPECT_EQ(ended.ledger().recorded(), 10'000U);
    EXPECT_EQ(ended.ledger().delivered(), 10'000U);
    EXPECT_EQ(exit_code(), 0);
}

TEST_F(WorkerTest, StopsAtThePacketLimitAndSavesWhatItRecorded) {
    const base::UniqueFd file = file_of(pcap_file(100));
    const base::UniqueFd output = file_of(std::string(100'000, 'x'));  // an older, longer file
    wire::Begin message;
    message.set_file(true);
    message.mutable_capture()->mutable_until()->set_packets(7);
    message.mutable_capture()->mutable_save()->set_format(wire::SAVE_PCAP);
    message.mutable_capture()->mutable_save()->set_replace(true);
    begin(message, std::array{file.get(), output.get()});
    ASSERT_TRUE(next().has_ready());
    go();
    const wire::Ended ended = run_to_end();
    EXPECT_EQ(ended.reason(), wire::END_CONDITION);
    EXPECT_EQ(rows_, 7U);
    EXPECT_EQ(ended.ledger().saved(), 7U);
    EXPECT_EQ(::lseek(output.get(), 0, SEEK_END), 24 + 7 * 36);
    EXPECT_EQ(ended.ledger().saved_bytes(), 24U + 7 * 36);
}

// Whatever 64 bits somebody sends: what lasts longer than the clock can count lasts for ever.
TEST_F(WorkerTest, ADurationBeyondTheClockIsNoLimit) {
    for (const std::uint64_t duration_ns :
         {9'223'372'036'000'000'000ULL, (1ULL << 63) - 1, 1ULL << 63, (1ULL << 63) + 1, ~0ULL - 1, ~0ULL}) {
        TearDown();
        reaped_ = false;
        rows_ = 0;
        SetUp();
        const base::UniqueFd file = file_of(pcap_file(10'000));
        wire::Begin message;
        message.set_file(true);
        message.mutable_capture()->mutable_until()->set_duration_ns(duration_ns);
        message.mutable_capture()->mutable_until()->set_packets(~0ULL);
        message.mutable_capture()->mutable_until()->set_file_bytes(~0ULL);
        begin(message, std::array{file.get()});
        ASSERT_TRUE(next().has_ready());
        go();
        EXPECT_EQ(run_to_end().reason(), wire::END_OF_FILE) << duration_ns;
        EXPECT_EQ(rows_, 10'000U) << duration_ns;
    }
}

TEST_F(WorkerTest, GoesOnWhereTheOutputIsWhole) {
    const std::string before = pcap_file(2);
    const base::UniqueFd file = file_of(pcap_file(3));
    const base::UniqueFd output = file_of(before + "a part of a block");
    ::lseek(output.get(), 0, SEEK_END);
    wire::Begin message;
    message.set_file(true);
    message.mutable_capture()->mutable_save()->set_format(wire::SAVE_PCAP);
    message.mutable_capture()->mutable_save()->set_continued(true);
    begin(message, std::array{file.get(), output.get()});
    ASSERT_TRUE(next().has_ready());
    wire::ToWorker whole;
    whole.mutable_go()->set_output_bytes(before.size());
    ASSERT_TRUE(channel_->send(whole).value());
    EXPECT_EQ(run_to_end().ledger().saved(), 3U);
    EXPECT_EQ(content(output).substr(0, before.size()), before);
    EXPECT_EQ(content(output).size(), pcap_file(5).size());
}

// Who began it had died before anything of it was whole.
TEST_F(WorkerTest, WhatIsCutToNothingGetsAHead) {
    const base::UniqueFd file = file_of(pcap_file(3));
    const base::UniqueFd output = file_of("a part of a head");
    ::lseek(output.get(), 0, SEEK_END);
    wire::Begin message;
    message.set_file(true);
    message.mutable_capture()->mutable_save()->set_format(wire::SAVE_PCAP);
    message.mutable_capture()->mutable_save()->set_continued(true);
    begin(message, std::array{file.get(), output.get()});
    ASSERT_TRUE(next().has_ready());
    wire::ToWorker go;
    go.mutable_go()->set_output_bytes(0);
    ASSERT_TRUE(channel_->send(go).value());
    EXPECT_EQ(run_to_end().ledger().saved_bytes(), pcap_file(3).size());
    EXPECT_EQ(content(output).size(), pcap_file(3).size());
}

TEST_F(WorkerTest, AnOutputThatHasFailedMeanwhileIsNotWritten) {
    const base::UniqueFd file = file_of(pcap_file(3));
    const base::UniqueFd output = file_of("what is there");
    wire::Begin message;
    message.set_file(true);
    message.mutable_capture()->mutable_save()->set_format(wire::SAVE_PCAP);
    message.mutable_capture()->mutable_save()->set_continued(true);
    begin(message, std::array{file.get(), output.get()});
    ASSERT_TRUE(next().has_ready());
    wire::ToWorker go;
    go.mutable_go()->set_saving_ended(true);
    ASSERT_TRUE(channel_->send(go).value());
    const wire::Ended ended = run_to_end();
    EXPECT_EQ(ended.reason(), wire::END_OF_FILE);
    EXPECT_EQ(ended.ledger().recorded(), 3U);
    EXPECT_EQ(ended.ledger().saved(), 0U);
    EXPECT_EQ(ended.ledger().not_saved(), 3U);
    EXPECT_EQ(content(output), "what is there");
}

TEST_F(WorkerTest, ACutFileGivesItsWholePacketsAndThenTheError) {
    const std::string whole = pcap_file(5);
    const base::UniqueFd file = file_of(whole.substr(0, whole.size() - 1));
    wire::Begin message;
    message.set_file(true);
    begin(message, std::array{file.get()});
    ASSERT_TRUE(next().has_ready());
    go();
    const wire::Ended ended = run_to_end();
    EXPECT_EQ(ended.reason(), wire::END_FAILED);
    EXPECT_EQ(ended.error().code(), static_cast<std::uint32_t>(base::ErrorCode::file));
    EXPECT_EQ(rows_, 4U);
}

TEST_F(WorkerTest, OptionsHoldWhereNoProgramKnowsTheLinkType) {
    const base::UniqueFd file = file_of(nflog_file({54, 53, 54, 53, 54}));
    wire::Begin message;
    message.set_file(true);
    message.mutable_capture()->mutable_filter()->add_protocol("dns");
    begin(message, std::array{file.get()});
    const wire::FromWorker ready = next();
    ASSERT_TRUE(ready.has_ready()) << ready.ShortDebugString();
    EXPECT_EQ(ready.ready().filter(), "udp port 53 or tcp port 53");
    go();
    const wire::Ended ended = run_to_end();
    EXPECT_EQ(ended.reason(), wire::END_OF_FILE);
    EXPECT_EQ(rows_, 2U);
    EXPECT_EQ(ended.ledger().recorded(), 2U);
    EXPECT_EQ(ended.ledger().filtered(), 3U);
    EXPECT_EQ(ended.ledger().delivered(), 5U);
}

TEST_F(WorkerTest, ABadFilterEndsItBeforeItIsReady) {
    const base::UniqueFd file = file_of(pcap_file(1));
    wire::Begin message;
    message.set_file(true);
    message.mutable_capture()->mutable_filter()->set_bpf("tcp prot 80");
    begin(message, std::array{file.get()});
    const wire::FromWorker answer = next();
    ASSERT_TRUE(answer.has_ended()) << answer.ShortDebugString();
    EXPECT_EQ(answer.ended().error().code(), static_cast<std::uint32_t>(base::ErrorCode::filter));
    EXPECT_NE(answer.ended().error().message().find("prot"), std::string::npos);
}

TEST_F(WorkerTest, ABadDisplayFilterEndsItBeforeItIsReady) {
    const base::UniqueFd file = file_of(pcap_file(1));
    const base::UniqueFd output = file_of("what was there");
    wire::Begin message;
    message.set_file(true);
    message.mutable_capture()->mutable_filter()->set_display("ip.src == 10.0.0.1 and port 53");
    message.mutable_capture()->mutable_save()->set_format(wire::SAVE_PCAP);
    message.mutable_capture()->mutable_save()->set_replace(true);
    begin(message, std::array{file.get(), output.get()});
    const wire::FromWorker answer = next();
    ASSERT_TRUE(answer.has_ended()) << answer.ShortDebugString();
    EXPECT_EQ(answer.ended().error().code(), static_cast<std::uint32_t>(base::ErrorCode::filter));
    EXPECT_NE(answer.ended().error().message().find("display filter"), std::string::npos);
    EXPECT_EQ(content(output), "what was there");
}

// The last of a thousand packets that wait together is the one that passes.
TEST_F(WorkerTest, ADisplayFilterChoosesAmongPacketsOfAFile) {
    const base::UniqueFd file = file_of(pcap_file(5000));
    const base::UniqueFd output = file_of("");
    wire::Begin message;
    message.set_file(true);
    message.mutable_capture()->mutable_filter()->set_display("frame.number in {1, 1024, 1025, 5000}");
    message.mutable_capture()->mutable_save()->set_format(wire::SAVE_PCAP);
    begin(message, std::array{file.get(), output.get()});
    ASSERT_TRUE(next().has_ready());
    go();
    const wire::Ended ended = run_to_end();
    EXPECT_EQ(rows_, 4U);
    EXPECT_EQ(ended.ledger().recorded(), 4U);
    EXPECT_EQ(ended.ledger().filtered(), 4996U);
    EXPECT_EQ(ended.ledger().saved(), 4U);
}

// Reading ends where the limit is reached, however many packets waited behind.
TEST_F(WorkerTest, ADisplayFilterAndALimitEndTheReading) {
    const base::UniqueFd file = file_of(pcap_file(100'000));
    wire::Begin message;
    message.set_file(true);
    message.mutable_capture()->mutable_filter()->set_display("frame.number >= 100");
    message.mutable_capture()->mutable_until()->set_packets(3);
    begin(message, std::array{file.get()});
    ASSERT_TRUE(next().has_ready());
    go();
    const wire::Ended ended = run_to_end();
    EXPECT_EQ(ended.reason(), wire::END_CONDITION);
    EXPECT_EQ(rows_, 3U);
    EXPECT_EQ(ended.ledger().delivered(), ended.ledger().recorded() + ended.ledger().filtered());
    EXPECT_LT(ended.ledger().delivered(), 10'000U);
}

// Nothing behind the packet is read, and what is damaged there is no error.
struct OnePacketTest : WorkerTest {
    // Gives how many packets were recorded.
    std::uint64_t read_packet(const char* display) {
        std::string damaged = pcap_file(2000);
        damaged.resize(24 + 1500 * 36 + 10);
        const base::UniqueFd file = file_of(damaged);
        wire::Begin message;
        message.set_file(true);
        message.mutable_capture()->set_only_place(1499);
        message.mutable_capture()->mutable_filter()->set_display(display);
        begin(message, std::array{file.get()});
        EXPECT_TRUE(next().has_ready());
        go();
        const wire::Ended ended = run_to_end();
        EXPECT_EQ(ended.reason(), wire::END_CONDITION) << ended.ShortDebugString();
        EXPECT_EQ(ended.ledger().delivered(), 1499U);
        EXPECT_EQ(rows_, ended.ledger().recorded());
        return ended.ledger().recorded();
    }
};

TEST_F(OnePacketTest, ByItsPlace) {
    EXPECT_EQ(read_packet(""), 1U);
}

TEST_F(OnePacketTest, ByItsPlaceAndADisplayFilter) {
    EXPECT_EQ(read_packet("ip.src == 10.0.0.1"), 1U);
}

TEST_F(OnePacketTest, WhatDoesNotPassEndsTheReadingToo) {
    EXPECT_EQ(read_packet("arp"), 0U);
}

TEST_F(WorkerTest, LooksAtAFilterAlone) {
    wire::Begin message;
    message.set_only_filters(true);
    message.mutable_terms()->set_required_filter("udp port 53");
    begin(message, {});
    EXPECT_TRUE(next().has_ready());
    const wire::FromWorker answer = next();
    EXPECT_EQ(answer.ended().reason(), wire::END_ASKED);
    EXPECT_FALSE(answer.ended().has_error());
}

TEST_F(WorkerTest, LooksAtAFilterThatIsNone) {
    wire::Begin message;
    message.set_only_filters(true);
    message.mutable_terms()->set_required_filter("udp prot 53");
    begin(message, {});
    const wire::FromWorker answer = next();
    ASSERT_TRUE(answer.has_ended()) << answer.ShortDebugString();
    EXPECT_EQ(answer.ended().error().code(), static_cast<std::uint32_t>(base::ErrorCode::filter));
}

TEST_F(WorkerTest, LooksAtADisplayFilterAlone) {
    wire::Begin message;
    message.set_only_filters(true);
    message.mutable_capture()->mutable_filter()->set_display("dns.qry.name contains \"x\"");
    begin(message, {});
    EXPECT_TRUE(next().has_ready());
    EXPECT_FALSE(next().ended().has_error());
}

TEST_F(WorkerTest, LooksAtADisplayFilterThatIsNone) {
    wire::Begin message;
    message.set_only_filters(true);
    message.mutable_capture()->mutable_filter()->set_display("dns.qry.nome contains \"x\"");
    begin(message, {});
    const wire::FromWorker answer = next();
    ASSERT_TRUE(answer.has_ended()) << answer.ShortDebugString();
    EXPECT_EQ(answer.ended().error().code(), static_cast<std::uint32_t>(base::ErrorCode::filter));
    EXPECT_EQ(answer.ended().error().message().find("the display filter is refused: "), 0U);
}

TEST_F(WorkerTest, ACaptureThatCannotBeginCostsNoOlderFile) {
    const base::UniqueFd file = file_of("no capture file");
    const base::UniqueFd output = file_of("older packets");
    wire::Begin message;
    message.set_file(true);
    message.mutable_capture()->mutable_save()->set_format(wire::SAVE_PCAP);
    message.mutable_capture()->mutable_save()->set_replace(true);
    begin(message, std::array{file.get(), output.get()});
    ASSERT_TRUE(next().has_ended());
    EXPECT_EQ(::lseek(output.get(), 0, SEEK_END), 13);
}

TEST_F(WorkerTest, WhatIsMaskedReachesNeitherRowsNorTheFile) {
    const base::UniqueFd file = file_of(pcap_file(3));
    const base::UniqueFd output = file_of("");
    wire::Begin message;
    message.set_file(true);
    message.mutable_capture()->mutable_save()->set_format(wire::SAVE_PCAP);
    message.mutable_terms()->mutable_redaction()->set_mask_addresses(true);
    message.set_mask_key(std::string(32, 'k'));
    begin(message, std::array{file.get(), output.get()});
    ASSERT_TRUE(next().has_ready());
    go();
    const std::string address{10, 0, 0, 1};
    for (wire::FromWorker told = next(); !told.has_ended(); told = next())
        EXPECT_EQ(told.rows().batch().find(address), std::string::npos);
    EXPECT_EQ(content(output).size(), pcap_file(3).size());
    EXPECT_EQ(content(output).find(address), std::string::npos);
}

TEST_F(WorkerTest, RefusesToMaskWithoutAKey) {
    for (const std::size_t size : {0U, 16U, 31U, 33U}) {
        TearDown();
        reaped_ = false;
        SetUp();
        const base::UniqueFd file = file_of(pcap_file(1));
        const base::UniqueFd output = file_of("older packets");
        wire::Begin message;
        message.set_file(true);
        message.mutable_capture()->mutable_save()->set_format(wire::SAVE_PCAP);
        message.mutable_capture()->mutable_save()->set_replace(true);
        message.mutable_terms()->mutable_redaction()->set_mask_addresses(true);
        message.set_mask_key(std::string(size, 'k'));
        begin(message, std::array{file.get(), output.get()});
        const wire::FromWorker answer = next();
        ASSERT_TRUE(answer.has_ended()) << answer.ShortDebugString();
        EXPECT_EQ(answer.ended().error().code(), static_cast<std::uint32_t>(base::ErrorCode::internal));
        EXPECT_EQ(content(output), "older packets");
    }
}

TEST_F(WorkerTest, RefusesDescriptorsItWasNotTold) {
    const base::UniqueFd file = file_of(pcap_file(1));
    wire::Begin message;
    message.set_file(true);
    begin(message, std::array{file.get(), file.get()});
    const wire::FromWorker answer = next();
    ASSERT_TRUE(answer.has_ended());
    EXPECT_EQ(answer.ended().error().code(), static_cast<std::uint32_t>(base::ErrorCode::usage));
}

TEST_F(WorkerTest, EndsByItselfWhenNobodyHoldsItsLink) {
    channel_.reset();
    EXPECT_EQ(exit_code(), 1);
}

TEST_F(WorkerTest, IsNobodyOnceItIsReady) {
    const base::UniqueFd file = file_of(pcap_file(1));
    wire::Begin message;
    message.set_file(true);
    begin(message, std::array{file.get()});
    ASSERT_TRUE(next().has_ready());
    std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
    std::string text((std::istreambuf_iterator<char>(status)), std::istreambuf_iterator<char>());
    EXPECT_NE(text.find("CapPrm:\t0000000000000000"), std::string::npos) << text;
    EXPECT_NE(text.find("NoNewPrivs:\t1"), std::string::npos) << text;
    EXPECT_EQ(text.find("Uid:\t0\t"), std::string::npos) << text;
}

}  // namespace
}  // namespace packetsentry::worker
