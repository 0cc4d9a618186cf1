#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace hongyan {

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "fatal: %s does not hold (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace hongyan
