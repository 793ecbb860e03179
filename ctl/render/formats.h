// The table of formats in which rows can be shown.
//
// A format is a file of its own, which ends with its make function, and one row here. It is given batches and
// makes bytes of them (row_writer.h); where these go, to the screen or into a file, is the business of
// ctl/output/.
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <stdexcept>
#include <string_view>

#include "ctl/render/row_writer.h"
#include "ctl/render/zeek_logs.h"

namespace packetsentry::ctl::render {

[[nodiscard]] std::unique_ptr<RowWriter> make_text_writer(const FormatSettings& settings);
[[nodiscard]] std::unique_ptr<RowWriter> make_blocks_writer(const FormatSettings& settings);
[[nodiscard]] std::unique_ptr<RowWriter> make_json_writer(const FormatSettings& settings);
[[nodiscard]] std::unique_ptr<RowWriter> make_fields_writer(const FormatSettings& settings);
[[nodiscard]] std::unique_ptr<RowWriter> make_csv_writer(const FormatSettings& settings);
[[nodiscard]] std::unique_ptr<RowWriter> make_zeek_writer(const FormatSettings& settings);

// What may stand among the rows of a format.
enum class Among : std::uint8_t {
    lines_for_people,  // those that tell of the capture too; and a log and a results file are kept beside
                       // them
    rows_alone,        // nothing else, for a program reads them
};

struct Format {
    std::string_view name;
    std::string_view meaning;  // for help
    Among among = Among::rows_alone;
    std::unique_ptr<RowWriter> (*make)(const FormatSettings& settings) = nullptr;
    std::span<const wire::Table> only = {};  // the tables that it is for; empty: all

    [[nodiscard]] constexpr bool is_for(wire::Table table) const {
        return only.empty() || std::ranges::find(only, table) != only.end();
    }
};

inline constexpr std::array kFormats = {
    Format{"text", "One line for each packet or flow", Among::lines_for_people, make_text_writer},
    Format{"blocks", "A block of lines for each packet, as in the results file", Among::rows_alone,
           make_blocks_writer},
    Format{"json", "One JSON object for each packet or flow, in the Elastic Common Schema", Among::rows_alone,
           make_json_writer},
    Format{"fields", "The values of the fields that -e names, as tshark prints them", Among::rows_alone,
           make_fields_writer},
    Format{"csv", "Comma-separated values with a header, for spreadsheets and databases", Among::rows_alone,
           make_csv_writer},
    Format{"zeek", "The lines of Zeek's conn.log, dns.log, http.log or ssl.log, for flows, dns, http or tls",
           Among::rows_alone, make_zeek_writer, kZeekTables},
};

// None: the table has no such format.
[[nodiscard]] constexpr const Format* find_format(std::string_view name) {
    const auto* const found = std::ranges::find(kFormats, name, &Format::name);
    return found == kFormats.end() ? nullptr : found;
}

// The row of a format that is there. A name that is not in the table does not compile.
[[nodiscard]] consteval const Format& format(std::string_view name) {
    const Format* const found = find_format(name);
    if (found == nullptr) throw std::logic_error("the table of formats has no such name");
    return *found;
}

}  // namespace packetsentry::ctl::render
