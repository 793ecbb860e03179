// What a program gets from whoever starts it, and what it must not depend on.
#pragma once

namespace packetsentry::base {

// Takes the place of each standard stream that is closed, so that no file that is opened later becomes what
// is written to as standard output or read as standard input. Without /dev/null writing there fails, as it
// did.
void hold_standard_streams();

// Both programs call this first thing in main(). It holds the standard streams, and it lets every signal
// arrive and children be waited for, whatever the parent blocked or ignored. A limit on the size of files
// becomes an error of write() instead of the program's end. Whatever the umask was, new files are accessible
// to their owner alone, who can always open them again. SIGINT and SIGHUP stay ignored where they are,
// because nohup(1) and a shell's background jobs rely on that.
void settle_what_is_inherited();

}  // namespace packetsentry::base
