#include "ctl/options/capture_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <limits>

#include "ctl/options/display_filter.h"
#include "ctl/options/end_conditions.h"
#include "ctl/options/file_limits.h"
#include "ctl/options/flow_option.h"
#include "ctl/options/redact_words.h"
#include "ctl/options/save_format.h"
#include "ctl/options/typed_quantity.h"
#include "ctl/render/escape.h"
#include "proto/words/filter.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

constexpr NumberKind kPort{
    .noun = "a port", .low = 1, .high = 65535, .example = "--filter-port 443", .code = ErrorCode::filter};
constexpr NumberKind kCount{.noun = "a number of packets for -c",
                            .low = 0,
                            .high = std::numeric_limits<std::int64_t>::max(),
                            .example = "-c 100"};
constexpr NumberKind kSnapshotLength{
    .noun = "a number of bytes for -s", .low = 0, .high = 262144, .example = "-s 128"};

// As it was typed: CLI11 would take "010" for eight, "0x10" for sixteen and " 5" for five.
CLI::Option* add_number(CLI::App& app, const char* names, std::optional<std::string>& typed,
                        const char* about) {
    return app.add_option_function<std::string>(
        names, [&typed](const std::string& text) { typed = text; }, about);
}

// One value each time, so that a word behind it is no further value.
CLI::Option* add_repeatable(CLI::App& app, const char* names, std::vector<std::string>& values,
                            const char* about) {
    return app.add_option(names, values, about)
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

// 0 where the option was not given.
base::Result<std::uint64_t> number_of(const std::optional<std::string>& typed, const NumberKind& kind) {
    return typed ? parse_number(*typed, kind) : 0;
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// As the table of words has it, whatever its case. One that is not in the table stays as it was typed.
std::string known_word(const std::string& typed) {
    std::string word = typed;
    std::ranges::transform(word, word.begin(), lower);
    return std::ranges::find(proto::filter_words(), word, &proto::FilterWord::name) ==
                   proto::filter_words().end()
               ? typed
               : word;
}

void add_words(const FilterOptions& options, wire::Filter& filter) {
    for (const std::string& typed : options.protocols) filter.add_protocol(known_word(typed));
}

base::Result<wire::Until> make_until(const CaptureOptions& options) {
    const auto packets = number_of(options.packets, kCount);
    if (!packets) return std::unexpected(packets.error());
    wire::Until until;
    until.set_packets(*packets);
    for (const std::string& condition : options.conditions) {
        if (auto added = add_condition(condition, until); !added) return std::unexpected(added.error());
    }
    if (until.file_bytes() != 0 && options.output.empty())
        return base::fail(ErrorCode::usage,
                          "-a filesize: limits the output file, so it needs one: name it with -o FILE");
    return until;
}

}  // namespace

void add_interface_option(CLI::App& app, InterfaceOptions& options) {
    add_repeatable(app, "-i,--interface", options.names, "Interface to capture on, or any; may be repeated")
        ->type_name("INTERFACE");
}

void add_filter_options(CLI::App& app, FilterOptions& options) {
    add_repeatable(app, "-f,--filter-protocol", options.protocols,
                   "Only this protocol; with several -f, any of these protocols. The words are listed below")
        ->type_name("PROTOCOL");
    app.add_option("--filter-ip", options.address,
                   "Only to or from this IPv4 or IPv6 address, or network (CIDR)")
        ->type_name("ADDRESS");
    add_number(app, "--filter-port", options.port, "Only to or from this port")->type_name("PORT");
    app.add_option("--bpf", options.bpf, "Only packets that match this libpcap expression")
        ->type_name("EXPR");
    add_display_filter_option(app, options.display);
    add_flow_option(app, options.flow);
}

void add_capture_options(CLI::App& app, CaptureOptions& options) {
    add_filter_options(app, options.filter);
    add_number(app, "-c,--count", options.packets,
               "End after N packets that passed the filter; 0 means no limit")
        ->type_name("N");
    add_repeatable(app, "-a,--until", options.conditions,
                   "End at duration:60s (or 1d, 1h30m), filesize:10MiB or packets:100; may be repeated")
        ->type_name("CONDITION");
    app.add_option(
           "-o,--output,-w,--write", options.output,
           "Save the packets to FILE.pcap, FILE.cap or FILE.pcapng, or - for standard output (pcapng);\n"
           "with .gz or .zst behind that, the file is compressed;\n"
           "an existing file is replaced, if it is your own and no capture writes to it")
        ->type_name("FILE");
    add_repeatable(
        app, "-b,--ring-buffer", options.file_limits,
        "Save to several files FILE_00001_TIME.pcapng and so on: begin another one at filesize:100MiB,\n"
        "duration:1h or packets:1000; files:10 keeps the newest ten, and removes older ones; may be repeated")
        ->type_name("LIMIT");
    app.add_flag("--no-clobber", options.no_clobber, "With -o: do not replace an existing file");
    add_number(app, "-s,--snapshot-length", options.snapshot_length,
               "Bytes kept of each packet, at most 262144; 0 means 262144")
        ->type_name("BYTES");
    add_repeatable(
        app, "--redact", options.redactions,
        "Remove data from each packet before it is shown or saved: headers (keep only the headers),\n"
        "payload=N (keep N bytes of payload) or addresses (keep only the headers, with masked "
        "addresses);\n"
        "may be repeated")
        ->type_name("WHAT");
    add_packet_options(app, options.packet);
    app.add_flag("-q,--quiet", options.quiet, "Print nothing: everything goes to the log");
    app.add_flag("-n", options.numeric, "Has no effect: names are never looked up anyway");
    app.add_flag("-l", options.line_buffered, "Has no effect: output is never held back anyway");
}

base::Result<wire::Filter> make_filter(const FilterOptions& options) {
    const auto port = number_of(options.port, kPort);
    if (!port) return std::unexpected(port.error());
    std::string texts = options.address + options.bpf;
    for (const std::string& protocol : options.protocols) texts += protocol;
    if (!render::is_utf8(texts)) return base::fail(ErrorCode::filter, "the filter is not valid text (UTF-8)");
    wire::Filter filter;
    add_words(options, filter);
    filter.set_address(options.address);
    filter.set_port(static_cast<std::uint32_t>(*port));
    filter.set_bpf(options.bpf);
    auto joined = join_flow(options.display, options.flow);
    if (!joined) return std::unexpected(joined.error());
    auto display = make_display_filter(*joined);
    if (!display) return std::unexpected(display.error());
    filter.set_display(std::move(*display));
    if (const auto text = proto::filter_text(filter); !text) return std::unexpected(text.error());
    return filter;
}

std::string no_match_hint(const wire::Filter& filter, bool flow) {
    const auto& words = filter.protocol();
    std::string hint;
    for (const proto::FilterWord& known : proto::filter_words()) {
        const bool used = std::ranges::find(words, known.name) != words.end();
        const bool means_ports =
            std::ranges::any_of(known.kinds, [](const base::PacketKind& kind) { return kind.port != 0; });
        if (!used || !means_ports) continue;
        const base::PacketFilter alone{.kinds = {known.kinds.begin(), known.kinds.end()}};
        hint += (hint.empty() ? "" : ", ") + ("-f " + std::string(known.name)) + " means '" +
                proto::options_text(alone) + "'";
    }
    if (hint.empty() && flow) return std::string(kFlowHint);
    if (hint.empty()) return filter.display().empty() ? hint : std::string(kDisplayHint);
    return hint + "; for packets on other ports use --filter-port or --bpf instead";
}

base::Result<wire::CaptureSpec> make_capture(const CaptureOptions& options) {
    auto filter = make_filter(options.filter);
    if (!filter) return std::unexpected(filter.error());
    auto until = make_until(options);
    if (!until) return std::unexpected(until.error());
    const auto snapshot_length = number_of(options.snapshot_length, kSnapshotLength);
    if (!snapshot_length) return std::unexpected(snapshot_length.error());
    wire::CaptureSpec capture;
    *capture.mutable_filter() = std::move(*filter);
    *capture.mutable_until() = std::move(*until);
    capture.set_snapshot_length(static_cast<std::uint32_t>(*snapshot_length));
    capture.set_with_bytes(options.packet.bytes());
    for (const std::string& word : options.redactions)
        if (auto added = add_redaction(word, *capture.mutable_redaction()); !added)
            return std::unexpected(added.error());
    const auto files = several_files(options.file_limits, options.output);
    if (!files) return std::unexpected(files.error());
    if (options.output.empty()) return capture;
    auto save = save_format(options.output);
    if (!save) return std::unexpected(save.error());
    *capture.mutable_save() = std::move(*save);
    capture.mutable_save()->set_replace(options.output != "-");
    if (*files) *capture.mutable_save()->mutable_each_file() = (*files)->each;
    return capture;
}

void add_interfaces(const InterfaceOptions& options, wire::CaptureSpec& capture) {
    for (const std::string& name : options.names) capture.add_interface(name);
}

std::string filter_words_help() {
    constexpr std::size_t kColumn = 10;
    std::string text = "Protocols for -f:\n";
    for (const proto::FilterWord& word : proto::filter_words()) {
        const std::string name(word.name);
        text += "  " + name + std::string(kColumn - std::min(name.size(), kColumn - 1), ' ');
        text += std::string(word.meaning) + "\n";
    }
    return text;
}

}  // namespace packetsentry::ctl
