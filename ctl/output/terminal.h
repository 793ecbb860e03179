// Writes texts to the terminal on a thread of its own.
//
// A terminal may accept no output for any time: after Ctrl-S, or while a remote login does not respond. Then
// write() blocks. The descriptor cannot be made non-blocking, because the shell and other programs share it.
// So texts wait in a queue, and the rest of the program continues: the files of a capture are written, and a
// signal ends it, whatever the terminal does. Standard output and standard error share one queue, because
// they are usually the same terminal, on which texts must keep their order.
#pragma once

#include <cstdint>
#include <string_view>

namespace packetsentry::ctl {

class Terminal {
  public:
    enum class Wait {
        never,     // packets of a moment that does not come again
        for_room,  // what can be had later too: it waits until the user asks to stop
    };

    // Takes a text for a descriptor that is a terminal. false: too much waits there, and the text is dropped.
    // rows: how many packets it tells of.
    [[nodiscard]] static bool put(int fd, std::string_view text, std::uint64_t rows, Wait wait);
    // A line of ours, for which there is always room.
    static void tell(int fd, std::string_view text);

    // Nothing waits.
    [[nodiscard]] static bool idle();
    // It has hung up.
    [[nodiscard]] static bool closed();
    // Until all is written. Once the user has asked to stop, only as long as the terminal takes something.
    // Gives the rows that were not written.
    static std::uint64_t drain();
};

// Whether texts for the descriptor belong to Terminal.
[[nodiscard]] bool is_terminal(int fd);

}  // namespace packetsentry::ctl
