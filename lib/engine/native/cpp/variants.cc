// Which of the instruction sets this processor has. It is asked when the library is loaded, not when it is
// compiled, so that one file serves every machine that shares it.
#include <cstdlib>
#include <cstring>

#include "kernels.h"

namespace karenina {

namespace plain {
extern const Kernels table;
}
#if defined(__x86_64__)
namespace avx2 {
extern const Kernels table;
}
namespace avx512 {
extern const Kernels table;
}
#endif

static const Kernels& choose() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const char* wanted = std::getenv("KARENINA_OPERATIONS");
  const auto allows = [wanted](const char* name) {
    const bool names = wanted != nullptr && (std::strcmp(wanted, "plain") == 0 ||
                                             std::strcmp(wanted, "avx2") == 0);
    return !names || std::strcmp(wanted, name) == 0;
  };
  const bool hasAvx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (hasAvx2 && __builtin_cpu_supports("avx512f") && allows("avx512")) return avx512::table;
  if (hasAvx2 && allows("avx2")) return avx2::table;
#endif
  return plain::table;
}

const Kernels& kernels() {
  static const Kernels& chosen = choose();
  return chosen;
}

}  // namespace karenina
