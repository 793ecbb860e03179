// make_seeds FOLDER: writes what the fuzzers begin with, FOLDER/<target>/<name>, from the sample packets.
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>

#include "proto/worker.pb.h"
#include "tests/fuzz/link_types.h"
#include "tests/support/sample_applications.h"
#include "tests/support/sample_packets.h"

namespace {

namespace fs = std::filesystem;
using namespace packetsentry;

void write(const fs::path& folder, std::string name, std::initializer_list<std::size_t> first,
           const test::Bytes& rest) {
    std::ranges::replace(name, ' ', '_');
    std::ranges::replace(name, '/', '_');
    fs::create_directories(folder);
    std::ofstream file(folder / name, std::ios::binary);
    for (const std::size_t byte : first) file.put(static_cast<char>(byte));
    file.write(reinterpret_cast<const char*>(rest.data()), static_cast<std::streamsize>(rest.size()));
    file.close();
    if (!file) throw std::runtime_error("cannot write '" + (folder / name).string() + "'");
}

void write_packets(const fs::path& folder) {
    for (const test::SamplePacket& sample : test::sample_packets()) {
        const auto type = std::ranges::find(fuzz::kLinkTypes, sample.link_type);
        const auto number = static_cast<std::size_t>(type - fuzz::kLinkTypes.begin());
        write(folder / "link", std::string(sample.name), {number, 0}, sample.frame);
        write(folder / "link", std::string(sample.name) + " cut",
              {number, sample.frame.size() - sample.frame.size() / 2},
              test::cut(sample.frame, sample.frame.size() / 2));
        constexpr std::size_t kRedactionLimit = 4;
        for (std::size_t redaction = 0; redaction < kRedactionLimit; ++redaction)
            write(folder / "redact", std::string(sample.name) + ' ' + std::to_string(redaction),
                  {number, 0, redaction}, sample.frame);
    }
}

// Each payload for each of its target's dissectors, whichever those are.
void write_applications(const fs::path& folder) {
    constexpr std::size_t kDissectorLimit = 4;
    for (const test::SampleApplication& sample : test::sample_applications())
        for (std::size_t number = 0; number < kDissectorLimit; ++number)
            write(folder / sample.family, std::string(sample.name) + ' ' + std::to_string(number), {number},
                  sample.payload);
}

void write_text(const fs::path& folder, const std::string& name, const std::string& text) {
    const auto bytes = std::as_bytes(std::span(text));
    write(folder, name, {}, test::Bytes(bytes.begin(), bytes.end()));
}

// A short life: ready, counts, end.
void write_worker_link(const fs::path& folder) {
    std::array<wire::FromWorker, 4> life;
    life[0].mutable_ready()->set_filter("udp");
    life[1].mutable_report()->mutable_ledger()->set_received(3);
    life[2].mutable_notice()->set_text("interface 'eth0' went down");
    life[3].mutable_ended()->set_reason(wire::END_ASKED);
    life[3].mutable_ended()->mutable_ledger()->set_received(3);
    std::string frames;
    for (const wire::FromWorker& message : life) {
        const std::string bytes = message.SerializeAsString();
        frames += static_cast<char>(bytes.size() & 0xff);
        frames += static_cast<char>(bytes.size() >> 8);
        frames += bytes;
    }
    write_text(folder / "worker_link", "life", frames);
}

void write_settings(const fs::path& folder) {
    write_text(folder / "config", "some",
               "log_level = \"debug\"\n[jobs]\nmax = 3\n[memory]\nring = \"4MiB\"\n");
    write_text(folder / "policy", "some",
               "[[rule]]\ngroup = [\"bench\"]\nactions = [\"view\", \"start\"]\ninterfaces = [\"eth*\"]\n"
               "filter = \"udp\"\nredact = { headers = true, payload = 3 }\nlifetime = \"8h\"\n");
}

}  // namespace

int main(int count, char** arguments) try {
    if (count != 2) {
        std::fprintf(stderr, "usage: make_seeds FOLDER\n");
        return 1;
    }
    write_packets(arguments[1]);
    write_applications(arguments[1]);
    write_worker_link(arguments[1]);
    write_settings(arguments[1]);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "make_seeds: %s\n", error.what());
    return 3;
}
