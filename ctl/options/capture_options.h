// The options that start and read have in common: which packets to take, and what to do with them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ctl/options/packet_options.h"
#include "daemon/base/result.h"
#include "proto/messages/capture.pb.h"

namespace CLI {
class App;
}

namespace packetsentry::ctl {

struct FilterOptions {
    std::vector<std::string> protocols;  // in any case, upper or lower; a packet of any of them passes
    std::string address;
    std::optional<std::string> port;  // as it was typed
    std::string bpf;
    std::string display;              // as it was typed
    std::optional<std::string> flow;  // as it was typed

    [[nodiscard]] bool given() const {
        return !protocols.empty() || !address.empty() || port || !bpf.empty() || !display.empty() || flow;
    }
};

struct CaptureOptions {
    FilterOptions filter;
    PacketOptions packet;
    std::optional<std::string> packets;  // as it was typed; 0 and none: no limit
    std::vector<std::string> conditions;
    std::vector<std::string> file_limits;
    std::vector<std::string> redactions;
    std::string output;
    std::optional<std::string> snapshot_length;  // as it was typed; 0 and none: 262144
    bool no_clobber = false;                     // an output that is there is refused
    bool quiet = false;
    bool numeric = false;        // always so: names are never looked up
    bool line_buffered = false;  // always so: rows come every 50 ms
};

struct InterfaceOptions {
    std::vector<std::string> names;
};

// The options must outlive the parsing.
void add_interface_option(CLI::App& app, InterfaceOptions& options);
void add_filter_options(CLI::App& app, FilterOptions& options);
void add_capture_options(CLI::App& app, CaptureOptions& options);

// Error: filter (an unknown word, a name in place of an address, a port out of range).
[[nodiscard]] base::Result<wire::Filter> make_filter(const FilterOptions& options);
// What helps whoever got no packet by this filter: what -f stands for, as "-f http means 'tcp port 80 or tcp
// port 443'; …", or how to see what -Y means or where conversations are shown. Empty where no word of the
// filter names ports, and there is neither -Y nor --flow. flow: --flow was given.
[[nodiscard]] std::string no_match_hint(const wire::Filter& filter, bool flow);
// Errors: as above, usage (numbers, conditions, words of --redact, the output's name).
[[nodiscard]] base::Result<wire::CaptureSpec> make_capture(const CaptureOptions& options);

// A name may be any bytes.
void add_interfaces(const InterfaceOptions& options, wire::CaptureSpec& capture);

// "NAME  libpcap expression", a line for each word of -f.
[[nodiscard]] std::string filter_words_help();

}  // namespace packetsentry::ctl
