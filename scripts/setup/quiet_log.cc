// Linked into tfjs-node's add-on. The libraries of TensorFlow's Python package log through Abseil,
// which does not look at TF_CPP_MIN_LOG_LEVEL and prints notices of oneDNN's into every program.
#include <cstdlib>

#include "absl/log/globals.h"

namespace {

struct LogLevel {
  LogLevel() {
    const char* level = std::getenv("TF_CPP_MIN_LOG_LEVEL");
    // TensorFlow's levels 0 to 3 are Abseil's: everything, warnings, errors, fatal errors.
    if (level != nullptr && level[0] >= '0' && level[0] <= '3' && level[1] == '\0') {
      absl::SetMinLogLevel(static_cast<absl::LogSeverityAtLeast>(level[0] - '0'));
    }
  }
} at_load;

}  // namespace
