#include "ctl/output/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <string>

#include "daemon/base/unique_fd.h"

namespace packetsentry::ctl {
namespace {

// A terminal whose other side takes what is written there when a test says so.
class TestTerminal {
  public:
    TestTerminal() : other_side_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
        ::grantpt(other_side_.get());
        ::unlockpt(other_side_.get());
        fd_ = base::UniqueFd(::open(::ptsname(other_side_.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
        termios plain{};
        ::tcgetattr(fd_.get(), &plain);
        ::cfmakeraw(&plain);
        ::tcsetattr(fd_.get(), TCSANOW, &plain);
    }
    int fd() const { return fd_.get(); }
    std::string read(std::size_t size) const {
        std::string text(size, '\0');
        std::size_t got = 0;
        while (got < size) {
            const ssize_t more = ::read(other_side_.get(), text.data() + got, size - got);
            if (more <= 0) break;
            got += static_cast<std::size_t>(more);
        }
        text.resize(got);
        return text;
    }

  private:
    base::UniqueFd other_side_;
    base::UniqueFd fd_;
};

// One test, because the queue of a program is one.
TEST(Terminal, TakesTextsWithoutWaitingUpToALimit) {
    const TestTerminal terminal;
    ASSERT_TRUE(is_terminal(terminal.fd()));
    const std::string row(100, 'x');
    std::size_t taken = 0;
    while (Terminal::put(terminal.fd(), row, 1, Terminal::Wait::never)) ++taken;
    EXPECT_GT(taken, 10'000U);
    EXPECT_LT(taken, 50'000U);
    EXPECT_FALSE(Terminal::idle());
    Terminal::tell(terminal.fd(), "a line of ours");

    EXPECT_EQ(terminal.read(taken * row.size()), std::string(taken * row.size(), 'x'));
    EXPECT_EQ(terminal.read(14), "a line of ours");
    EXPECT_EQ(Terminal::drain(), 0U);
    EXPECT_TRUE(Terminal::idle());
    EXPECT_TRUE(Terminal::put(terminal.fd(), row, 1, Terminal::Wait::never));
    EXPECT_EQ(terminal.read(row.size()), row);
    EXPECT_EQ(Terminal::drain(), 0U);
    EXPECT_FALSE(Terminal::closed());
}

}  // namespace
}  // namespace packetsentry::ctl
