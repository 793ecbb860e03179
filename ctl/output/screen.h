// Writes to standard output, or nowhere if nothing must be shown.
#pragma once

#include <cstdint>
#include <string_view>

#include "ctl/output/terminal.h"
#include "daemon/base/result.h"

namespace packetsentry::ctl {

class Screen {
  public:
    enum class Use : std::uint8_t { shown, silent };

    // colour: wanted by the user; used only on a terminal, and where NO_COLOR is not set.
    // wait: for a terminal that takes nothing; a pipe is always waited for.
    Screen(Use use, bool colour, Terminal::Wait wait = Terminal::Wait::for_room);

    [[nodiscard]] bool shown() const { return use_ == Use::shown; }
    [[nodiscard]] bool coloured() const { return coloured_; }
    // The reader has gone; further texts are dropped.
    [[nodiscard]] bool closed() const { return closed_ || (terminal_ && Terminal::closed()); }
    // rows: how many packets the text tells of. Error: file.
    [[nodiscard]] base::Result<void> write(std::string_view text, std::uint64_t rows = 0);
    // Nothing more comes: waits until a terminal has all of it, or the user asks to stop.
    void finish();
    // Rows that the terminal did not take; final after finish().
    [[nodiscard]] std::uint64_t not_shown() const { return not_shown_; }

  private:
    Use use_;
    bool terminal_;
    bool coloured_;
    Terminal::Wait wait_;
    bool closed_ = false;
    std::uint64_t not_shown_ = 0;
};

}  // namespace packetsentry::ctl
