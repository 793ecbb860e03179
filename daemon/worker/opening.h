// How a worker opens what it captures from, and gives up every right before it reads a byte that others
// wrote.
//
// A worker begins with the rights of whoever started it and ends up parsing packets that anybody may have
// sent. Between the two there is one order, and each step is where it is because of the next:
//
//  1. Begin is read, and the descriptors that came with it are taken. It comes from the program that started
//     this worker, so it may be read with every right. Descriptors that it does not name end the worker:
//     what nobody has asked for is not held.
//  2. The output's writer is made. What it has to ask the kernel about the output, it asks here: in the
//     sandbox the kernel would not answer.
//  3. The source is opened. For interfaces this takes CAP_NET_RAW, the one right that a worker has a use
//     for. A capture file was opened by its user and is passed: its descriptor is moved behind the output's,
//     because the sandbox lets a process write to all descriptors up to a number and to none above it.
//     Nothing of the file is read yet, and no packet.
//  4. Every right is dropped, and the drop is proved (privileges.h). What follows handles what others wrote.
//  5. For interfaces, a thread is started in which the filter will be compiled. It has the rights that its
//     maker has at that moment, so it cannot be started before; and in the sandbox no thread can be started
//     at all.
//  6. The sandbox is entered (sandbox.h). From now on nothing can be written but the standard streams, the
//     link and the output.
//  7. The filter is compiled, and for interfaces attached and locked; for a file, its head is read as well.
//     A filter's text is a client's and a file's head is anybody's, hence the sandbox around both. The
//     kernel takes a filter only while the sandbox is not sealed.
//  8. The sandbox is sealed: nothing of a socket can be changed any more, above all not its filter. Only
//     then is a packet read.
//  9. An output that is to be replaced is emptied. That comes last, because a capture that cannot begin
//     costs no older file.
//
// A step that fails ends the worker, which says why. A worker that only checks filters does steps 1, 4, 6, 7
// and 8.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/base/packet_filter.h"
#include "daemon/base/result.h"
#include "daemon/capture/file/capture_writer.h"
#include "daemon/capture/packet_source.h"
#include "daemon/redact/redactor.h"
#include "daemon/worker/link.h"
#include "daemon/worker/sandbox.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::worker {

// What a worker has once it is open. Where it only checks filters it has no source.
struct Opened {
    std::unique_ptr<capture::PacketSource> source;
    std::uint64_t file_bytes = 0;                    // size of an ordinary input file
    std::vector<std::uint32_t> filter_lengths;       // an interface each, in instructions
    std::string filter_text;                         // the client's filter, as a libpcap expression
    base::PacketFilter options;                      // what of the filter dissection decides as well
    std::unique_ptr<capture::CaptureWriter> writer;  // null: nothing is saved
    int output = -1;                                 // the writer's descriptor
    std::unique_ptr<redact::Redactor> redactor;      // null: all of each packet is recorded
};

// Step 1, without the descriptors, which stay with the link. Error: the link has broken, or somebody is at
// its other end who does not know what a worker is.
[[nodiscard]] base::Result<wire::Begin> take_begin(Link& link);

// Everything else. opened must be kept until the process ends, also where this fails: the sandbox forbids
// what libpcap does to close a source. unlisted: the sandbox's.
[[nodiscard]] base::Result<void> open_capture(const wire::Begin& begin, Link& link, Unlisted unlisted,
                                              Opened& opened);

}  // namespace packetsentry::worker
