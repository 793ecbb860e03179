// grow: prints the kinds of hostile input there are; grow KIND SIZE TIMES: makes one of about SIZE bytes and
// gives it to the worker's stages so many times; of "flood" and of flows SIZE packets. What the stages did
// with it is all within measured(), where run.sh counts. Status 1: the input was not taken for what it is
// meant to be.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/capture/file/file_source.h"
#include "daemon/dissect/dissect.h"
#include "daemon/record/batch_builder.h"
#include "daemon/redact/redactor.h"
#include "tests/growth/hostile_flows.h"
#include "tests/growth/hostile_input.h"
#include "tests/growth/measured.h"
#include "tests/unit/daemon/capture/capture_bytes.h"

namespace {

using namespace packetsentry;
using test::Bytes;
using test::PacketBuilder;

int not_recognised(std::string_view kind, std::string_view as) {
    std::fprintf(stderr, "%s is taken for %s\n", std::string(kind).c_str(), std::string(as).c_str());
    return 1;
}

class Stages {
  public:
    void take(const Bytes& frame, std::uint32_t link_type = growth::kEthernet) {
        capture::Packet packet;
        packet.frame = frame;
        packet.wire_bytes = static_cast<std::uint32_t>(frame.size());
        packet.link_type = link_type;
        dissect::dissect(frame, frame.size(), link_type, dissection_);
        builder_.append(packet, dissection_, interfaces_, {});
        if (builder_.full()) (void)builder_.seal();
    }
    void redact(const Bytes& frame, std::uint32_t link_type) {
        for (redact::Redactor& redactor : redactors_)
            (void)redactor.redact(frame, frame.size(), link_type, dissection_);
    }
    [[nodiscard]] std::string_view protocol() const { return dissection_.protocol->word; }

  private:
    static constexpr std::array<std::byte, redact::AddressMask::kKeySize> kKey{};

    dissect::Dissection dissection_;
    record::BatchBuilder builder_;
    std::vector<capture::SourceInterface> interfaces_{{"eth0", growth::kEthernet, 262144, 2}};
    std::array<redact::Redactor, 2> redactors_{
        redact::Redactor({.mask_addresses = true}, kKey),  // cuts payloads whole
        redact::Redactor({.payload_bytes = 5000}, kKey)};
};

// Every packet a new host, a new flow, a new name.
std::vector<Bytes> make_flood(int packets) {
    std::vector<Bytes> flood;
    for (int i = 0; i < packets; ++i) {
        const std::string host = "10." + std::to_string(i / 65536 % 256) + "." +
                                 std::to_string(i / 256 % 256) + "." + std::to_string(i % 256);
        Bytes query = test::hex("0001 0100 0001 0000 0000 0000 06");
        query = test::join({query, test::text(std::to_string(100'000 + i)), test::hex("00 0001 0001")});
        flood.push_back(PacketBuilder()
                            .ethernet()
                            .ipv4(host, "192.0.2.1")
                            .udp(static_cast<std::uint16_t>(1024 + i), 53)
                            .payload(query)
                            .build());
    }
    return flood;
}

int run_flood(int packets) {
    const std::vector<Bytes> flood = make_flood(packets);
    Stages stages;
    measured([&] {
        for (const Bytes& frame : flood) stages.take(frame);
    });
    return stages.protocol() == "DNS" ? 0 : not_recognised("flood", stages.protocol());
}

int run_frame(const growth::FrameKind& kind, std::size_t size, int times) {
    const Bytes frame = kind.make(size);
    Stages stages;
    stages.take(frame, kind.link_type);
    if (stages.protocol() != kind.protocol) return not_recognised(kind.name, stages.protocol());
    measured([&] {
        for (int i = 0; i < times; ++i)
            kind.redacted ? stages.redact(frame, kind.link_type) : stages.take(frame, kind.link_type);
    });
    return 0;
}

class Counter : public capture::PacketSink {
  public:
    bool packet(const capture::Packet&) override { return ++seen_ != 0; }

  private:
    std::size_t seen_ = 0;
};

void read_to_end(base::UniqueFd file, Counter& counter) {
    const auto source = capture::FileSource::open(std::move(file), {});
    while ((*source)->read(counter, 1000).value_or(capture::SourceState::end) != capture::SourceState::end) {
    }
}

int run_file(const growth::FileKind& kind, std::size_t size, int times) {
    const std::string bytes = kind.make(size);
    if (const auto reading = capture::read_bytes(bytes); reading.error || reading.packets.empty())
        return not_recognised(kind.name, "a broken file: " + reading.message());
    Counter counter;
    for (int i = 0; i < times; ++i) {
        base::UniqueFd file = capture::memory_file(bytes);
        measured([&] { read_to_end(std::move(file), counter); });
    }
    return 0;
}

void list_kinds() {
    for (const auto& kind : growth::frame_kinds()) std::puts(std::string(kind.name).c_str());
    for (const auto& kind : growth::file_kinds()) std::puts(std::string(kind.name).c_str());
    for (const auto& kind : growth::flow_cases()) std::puts(std::string(kind.name).c_str());
    std::puts("flood");
    std::puts("flows-dns-answers");
    std::puts("dns-questions");
    std::puts("http-requests");
    std::puts("tls-handshakes");
}

}  // namespace

int main(int count, char** arguments) {
    if (count == 1) return list_kinds(), 0;
    if (count != 4) return 1;
    const std::string_view name = arguments[1];
    const auto size = std::strtoul(arguments[2], nullptr, 10);
    const int times = std::atoi(arguments[3]);
    for (const auto& kind : growth::frame_kinds())
        if (kind.name == name) return run_frame(kind, size, times);
    for (const auto& kind : growth::file_kinds())
        if (kind.name == name) return run_file(kind, size * 10, times);
    for (const auto& kind : growth::flow_cases())
        if (kind.name == name)
            return growth::run_flows(kind, size) ? 0 : not_recognised(name, "something that is not counted");
    if (name == "dns-questions")
        return growth::run_questions(size) ? 0 : not_recognised(name, "something that is not shown");
    if (name == "http-requests")
        return growth::run_requests(size) ? 0 : not_recognised(name, "something that is not shown");
    if (name == "tls-handshakes")
        return growth::run_handshakes(size) ? 0 : not_recognised(name, "something that is not shown");
    if (name == "flows-dns-answers")
        return growth::run_answers(size) ? 0 : not_recognised(name, "something that names nobody");
    return name == "flood" ? run_flood(static_cast<int>(size)) : 1;
}
