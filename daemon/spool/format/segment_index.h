// Makes the index of a rows file.
#pragma once

#include <string>

#include "daemon/base/result.h"
#include "daemon/spool/format/byte_reader.h"

namespace packetsentry::spool {

// Returns the index file. rows_file: the rows file up to its closed length. What cannot be read in it is
// in the answer to every question. A partial frame at its end is left out. Error (file): as for
// read_file_header().
[[nodiscard]] base::Result<std::string> index_rows_file(Bytes rows_file);

}  // namespace packetsentry::spool
