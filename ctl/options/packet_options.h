// The options that show the inside of each packet below its line.
#pragma once

#include <string_view>

#include "ctl/render/packet_bytes.h"

namespace CLI {
class App;
}

namespace packetsentry::ctl {

// How often each was given.
struct PacketOptions {
    int details = 0;       // -v
    int hex = 0;           // -x
    int hex_and_text = 0;  // -X
    int text = 0;          // -A

    [[nodiscard]] bool bytes() const { return hex + hex_and_text + text != 0; }
    // The first that was given, as it is typed. None was given: empty.
    [[nodiscard]] std::string_view given() const;
};

// options must outlive the parsing.
void add_packet_options(CLI::App& app, PacketOptions& options);

// As tcpdump: -X comes before -x, which comes before -A; an option that is given twice shows the link layer
// header too.
[[nodiscard]] render::BytesStyle bytes_style(const PacketOptions& options);

}  // namespace packetsentry::ctl
