// `hongyan verify`: looks through all stores of a data folder for what must never be.
#pragma once

#include <string>

namespace hongyan::app {

// Prints every problem and what was looked at; 0 when there is no problem. The folder must be free: a server that writes
// meanwhile would be found to contradict itself.
int verify(const std::string& data);

}  // namespace hongyan::app
