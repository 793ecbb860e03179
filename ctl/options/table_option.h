// The option --table: what the rows are about.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ctl/options/capture_options.h"
#include "daemon/base/result.h"
#include "proto/messages/batch.pb.h"
#include "proto/query/evaluate/filter.h"

namespace CLI {
class App;
}

namespace packetsentry::ctl {

// As it was typed; empty: packets. It must outlive the parsing.
void add_table_option(CLI::App& app, std::string& typed);

// Error: usage.
[[nodiscard]] base::Result<wire::Table> parse_table(const std::string& typed);

// The filter of -Y, joined with --flow, for rows that are asked in this process. None where the text is
// empty. Error: filter; also where the text asks for what rows of the table cannot have.
[[nodiscard]] base::Result<std::optional<query::Filter>> compile_row_filter(wire::Table table,
                                                                            std::string_view text);

// The table's rows are asked in this process, although a worker makes them: -Y and --flow are asked of them
// rather than of their packets. None for packets, which the worker asks. Errors as above.
[[nodiscard]] base::Result<std::optional<query::Filter>> compile_own_filter(wire::Table table,
                                                                            const FilterOptions& options);

}  // namespace packetsentry::ctl
