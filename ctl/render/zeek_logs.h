// The logs of Zeek that the format "zeek" writes, one for each table of rows that has one.
#pragma once

#include <array>
#include <memory>

#include "ctl/render/row_writer.h"

namespace packetsentry::ctl::render {

[[nodiscard]] std::unique_ptr<RowWriter> make_zeek_conn_log();
[[nodiscard]] std::unique_ptr<RowWriter> make_zeek_dns_log();
[[nodiscard]] std::unique_ptr<RowWriter> make_zeek_http_log();
[[nodiscard]] std::unique_ptr<RowWriter> make_zeek_ssl_log();

struct ZeekLog {
    wire::Table table;
    std::unique_ptr<RowWriter> (*make)();
};

inline constexpr std::array kZeekLogs = {
    ZeekLog{wire::TABLE_FLOWS, make_zeek_conn_log},
    ZeekLog{wire::TABLE_DNS, make_zeek_dns_log},
    ZeekLog{wire::TABLE_HTTP, make_zeek_http_log},
    ZeekLog{wire::TABLE_TLS, make_zeek_ssl_log},
};

// For the table of formats.
inline constexpr std::array kZeekTables = [] {
    std::array<wire::Table, kZeekLogs.size()> tables{};
    for (std::size_t i = 0; i < tables.size(); ++i) tables[i] = kZeekLogs[i].table;
    return tables;
}();

}  // namespace packetsentry::ctl::render
