// What a program gets from whoever starts it, and what it must not depend on.
#pragma once

namespace packetsentry::base {

// Takes the place of each standard stream that is closed, so that no file that is opened later becomes what
// is written to as standard output or read as standard input. Without /dev/null writing there fails, as it
// did.
void hold_standard_streams();

// Both programs, first thing in main(): holds the standard streams; lets every signal arrive, and children be
// waited for, whatever the parent blocked or ignored; a limit on the size of files becomes an error of
// write() instead of the program's end; files are their owner's alone and he can always open them again,
// whatever the umask. SIGINT and SIGHUP stay ignored where they are: nohup(1) and a shell's background mean
// it.
void settle_what_is_inherited();

}  // namespace packetsentry::base
