// The form in which the values of a name are written.
#pragma once

#include <cstdint>
#include <string_view>

#include "ctl/render/address_texts.h"
#include "ctl/render/packet_time.h"
#include "ctl/render/text_buffer.h"
#include "proto/query/read/source_reader.h"

namespace packetsentry::ctl::render {

struct ValueForm {
    query::NamedValues named = query::NamedValues::texts;
    std::uint8_t hex_digits = 0;  // of a number, behind "0x"; 0: it is decimal
    MacStyle mac = MacStyle::dashes;
    bool flag_words = true;  // "true" and "false", else 1 and 0
    std::string_view set_flag =
        {};  // stands for a flag that is set, while one that is not has no value; empty: neither
    TimeFormat time = TimeFormat::rfc3339;
    // Makes the bytes of a text safe to print.
    void (*text)(TextBuffer& out, std::string_view bytes) = nullptr;
};

// Whether the name is one of Wireshark's, also where a path of the table is the same.
[[nodiscard]] bool is_wireshark_name(std::string_view name);

// As tshark prints the name, if it is Wireshark's, and as JSON has it otherwise.
[[nodiscard]] ValueForm form_as_elsewhere(std::string_view name);

// As programs that calculate read it: numbers are decimal, and times are those of UTC.
[[nodiscard]] ValueForm form_for_tables(std::string_view name);

}  // namespace packetsentry::ctl::render
