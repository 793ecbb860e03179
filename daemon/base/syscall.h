// Errors of system calls, told with what was attempted and on what.
#pragma once

#include <string>
#include <string_view>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::base {

// "No such file or directory" for ENOENT; thread-safe.
[[nodiscard]] std::string errno_text(int error_number);

// "cannot open 'x.pcap': No such file or directory"; takes errno unless told another.
[[nodiscard]] std::string syscall_text(std::string_view attempted);
[[nodiscard]] std::string syscall_text(std::string_view attempted, int error_number);

// The error of a system call that has just failed: its text is syscall_text(attempted).
[[nodiscard]] std::unexpected<Error> syscall_failed(std::string_view attempted,
                                                    ErrorCode code = ErrorCode::internal);

// Sets O_NONBLOCK on the open file description behind fd.
[[nodiscard]] Result<void> set_nonblocking(int fd);

// The directory of the running executable, without a trailing slash. Without /proc, by the path that it was
// started by; not to be called after a change of the working directory.
[[nodiscard]] Result<std::string> executable_directory();

}  // namespace packetsentry::base
