// Opens the source of a capture, and gives up every right before the worker reads a byte that others
// wrote.
//
// A worker begins with the rights of the program that started it, and ends up parsing packets that
// anybody may have sent. The steps between have a fixed order, and each is where it is because of the
// steps after it:
//
//  1. Begin is read, and the descriptors that came with it are taken. It comes from the program that
//     started this worker, so it may be read with all rights. If descriptors came that it does not name,
//     the worker ends, so that it never holds a descriptor without knowing what it is.
//  2. The output's writer is made. It asks the kernel about the output now, because the sandbox does not
//     allow these system calls. If rows are kept, or packets are saved to several files, numbers of
//     descriptors are held for the files that will come (held_numbers.h). A next output gets the number
//     after the first one's, and the one after it the number of the first, which is closed by then.
//  3. The source is opened. For interfaces this needs CAP_NET_RAW, the only right that a worker needs. A
//     capture file was opened by its user and sent to the worker. Its descriptor gets a number above the
//     output's, because the sandbox allows writing to all descriptors up to a number, and to none above
//     it. Nothing is read yet from the file or the interfaces.
//  4. Every right is given up, and this is proved (privileges.h), because the following steps handle data
//     from others.
//  5. For interfaces, threads are started: one will compile the filter, and one each writes to the output
//     and to the spool. A thread keeps the rights that its process has when it starts, so they cannot be
//     started earlier; and in the sandbox no thread can be started.
//  6. The sandbox is entered (sandbox.h). From now on only the standard streams, the link, the output and
//     the files that come later can be written. Only outputs can be truncated.
//  7. The filter is compiled, and for interfaces attached and locked. For a file, its header is read as
//     well. Both are data from others, so this happens in the sandbox. The kernel accepts a filter only
//     until the sandbox is sealed. A display filter's text is data from others too; the kernel never
//     gets it, so it is compiled in the sealed sandbox.
//  8. The sandbox is sealed: nothing about a socket can be changed any more, in particular not its
//     filter. Only then is a packet read.
//  9. An output that must be replaced is emptied. This is the last step, so that an existing file is not
//     lost if the capture cannot begin.
//
// If a step fails, the worker says why and ends. A worker that only checks filters does steps 1, 4, 6, 7
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
#include "daemon/worker/display_filter.h"
#include "daemon/worker/keeping.h"
#include "daemon/worker/link.h"
#include "daemon/worker/sandbox.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::worker {

// What a worker has when it is open. If it only checks filters, it has no source.
struct Opened {
    std::unique_ptr<capture::PacketSource> source;
    std::uint64_t file_bytes = 0;                    // size of an ordinary input file
    std::vector<std::uint32_t> filter_lengths;       // for each interface, in instructions
    std::string filter_text;                         // the client's filter, as a libpcap expression
    base::PacketFilter options;                      // the parts of the filter that dissection must decide
    std::unique_ptr<DisplayFilter> display;          // null: there is no display filter
    std::unique_ptr<capture::CaptureWriter> writer;  // null: nothing is saved
    int output = -1;                                 // the writer's descriptor
    SegmentThreads segments;                         // none: nothing is kept
    std::unique_ptr<redact::Redactor> redactor;      // null: packets are recorded whole
};

// Does step 1 without the descriptors, which stay in the link, after the first message was Begin; and then
// all other steps. opened must be kept until the process ends, even after an error, because the sandbox
// forbids the calls with which libpcap closes a source. unlisted: what the sandbox does with system calls
// that are not listed.
[[nodiscard]] base::Result<void> open_capture(const wire::Begin& begin, Link& link, Unlisted unlisted,
                                              Opened& opened);

}  // namespace packetsentry::worker
