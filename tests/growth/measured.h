#pragma once

#include <functional>

// Does the work; run.sh counts from its beginning to its end, by this name.
extern "C" void measured(const std::function<void()>& work);
