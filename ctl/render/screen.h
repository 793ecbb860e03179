// Standard output, or nothing in its place.
#pragma once

#include <string_view>

#include "daemon/base/result.h"

namespace packetsentry::ctl::render {

class Screen {
  public:
    enum class Use : std::uint8_t { shown, silent };

    // colour: wanted by the user; used only on a terminal, and where NO_COLOR is not set.
    Screen(Use use, bool colour);

    [[nodiscard]] bool shown() const { return use_ == Use::shown; }
    [[nodiscard]] bool coloured() const { return coloured_; }
    // The reader has gone; further texts are dropped.
    [[nodiscard]] bool closed() const { return closed_; }
    // Error: file.
    [[nodiscard]] base::Result<void> write(std::string_view text);

  private:
    Use use_;
    bool coloured_;
    bool closed_ = false;
};

}  // namespace packetsentry::ctl::render
