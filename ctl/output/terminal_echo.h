// Handles the "^C" that a terminal shows for Ctrl-C, at the present position of the cursor.
#pragma once

namespace packetsentry::ctl {

// Moves the cursor of the terminal on standard error, or else standard output, to a new line, so that what is
// printed next does not follow the "^C". Does nothing where there is no terminal, where it shows no such
// thing, and where it takes nothing at the moment.
void leave_echoed_line();

}  // namespace packetsentry::ctl
