// USB transfers, as hosts log them: of Linux' usbmon (LINKTYPE_USB_LINUX, 48 bytes, and
// LINKTYPE_USB_LINUX_MMAPPED, 64 bytes), of USBPcap on Windows; and packets of the bus itself
// (LINKTYPE_USB_2_0). All numbers of the headers are little-endian.
//
//   usbmon                                       USBPcap
//    0 id (8)         16 time (12)                0 length of all of it (2)   17 bus (2)
//    8 S, C or E      28 status (4)               2 id (8)                    19 device (2)
//    9 transfer type  32 bytes wanted or there   10 status (4)                21 in, endpoint
//   10 in, endpoint   36 bytes that follow       14 function (2)              22 transfer type
//   11 device         40 setup, or of an         16 completed                 23 bytes that follow
//   12 bus (2)           isochronous transfer                                 27 of some transfer types
//   14 no setup
//   15 no data
#pragma once

#include "daemon/dissect/walk.h"

namespace packetsentry::dissect {

[[nodiscard]] Layer dissect_usb_linux(Cursor& bytes, Walk& walk);
[[nodiscard]] Layer dissect_usb_linux_mmapped(Cursor& bytes, Walk& walk);
[[nodiscard]] Layer dissect_usb_pcap(Cursor& bytes, Walk& walk);
[[nodiscard]] Layer dissect_usb_bus(Cursor& bytes, Walk& walk);
[[nodiscard]] Layer dissect_usb_other(Cursor& bytes, Walk& walk);  // of Darwin and FreeBSD: by name

}  // namespace packetsentry::dissect
