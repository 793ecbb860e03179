// A file of its own, or the compiler makes copies under other names.
#include "tests/growth/measured.h"

void measured(const std::function<void()>& work) {
    work();
}
