#include "ctl/options/packet_options.h"

#include <CLI/CLI.hpp>

namespace packetsentry::ctl {

std::string_view PacketOptions::given() const {
    if (details != 0) return "-v";
    if (hex_and_text != 0) return "-X";
    if (hex != 0) return "-x";
    return text != 0 ? "-A" : "";
}

void add_packet_options(CLI::App& app, PacketOptions& options) {
    app.add_flag("-v", options.details,
                 "Print the layers and fields of each packet below its line, with what they mean");
    app.add_flag("-x", options.hex,
                 "Print the bytes of each packet below its line, in hexadecimal, from the network layer on;\n"
                 "-xx from the link layer on");
    app.add_flag("-X", options.hex_and_text, "As -x, and also as text; -XX from the link layer on");
    app.add_flag("-A", options.text, "As -x, but only as text; -AA from the link layer on");
}

render::BytesStyle bytes_style(const PacketOptions& options) {
    using Form = render::BytesStyle::Form;
    if (options.hex_and_text != 0)
        return {.form = Form::hex_and_text, .link_header = options.hex_and_text > 1};
    if (options.hex != 0) return {.form = Form::hex, .link_header = options.hex > 1};
    if (options.text != 0) return {.form = Form::text, .link_header = options.text > 1};
    return {};
}

}  // namespace packetsentry::ctl
