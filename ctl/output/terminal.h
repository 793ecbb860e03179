// Texts for the terminal, which a thread of its own writes.
//
// A terminal may take nothing for as long as it likes: after Ctrl-S, or while a remote login stands still.
// write() then waits. The descriptor cannot be made one that does not wait, because the shell and other
// programs share it. So texts wait in a queue, and whoever hands one over goes on: the files of a capture are
// written, and a signal ends it, whatever the terminal does. Standard output and standard error have one
// queue, since they mostly are one terminal, on which texts keep their order.
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
