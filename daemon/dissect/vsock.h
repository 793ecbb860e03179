// Linux' sockets between a virtual machine and its host (LINKTYPE_VSOCK, linux/vsockmon.h). All numbers are
// little-endian. A packet of virtio has the header of virtio behind this one.
//
//   0        8        16       20       24          26          28       30         32
//   +--------+--------+--------+--------+-----------+-----------+--------+----------+-----------+----
//   | source | desti- | source | desti- | operation | transport | length | reserved | transport | payload
//   | CID    | nation | port   | nation |           |           | of its |          | header    |
//   |        | CID    |        | port   |           |           | header |          |           |
//   +--------+--------+--------+--------+-----------+-----------+--------+----------+-----------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_vsock(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
