// Linux cooked capture, as the "any" device gives it (https://www.tcpdump.org/linktypes/).
//
//   SLL    0         2          4            6            14
//          +---------+----------+------------+------------+------------+----
//          | packet  | ARPHRD   | address    | address    | protocol   | …
//          | type    |          | length     | (8)        | type       |
//          +---------+----------+------------+------------+------------+----
//   SLL2   0           2    4            8        10     11        12          20
//          +-----------+----+------------+--------+------+---------+-----------+----
//          | protocol  | 0  | interface  | ARPHRD | type | address | address   | …
//          | type      |    | index      |        |      | length  | (8)       |
//          +-----------+----+------------+--------+------+---------+-----------+----
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_linux_sll(Cursor& bytes, Walk& walk);
// Sets the interface's index too.
[[nodiscard]] Layer dissect_linux_sll2(Cursor& bytes, Walk& walk);

}  // namespace packetsentry::dissect
