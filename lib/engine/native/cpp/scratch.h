// Memory to work with, which a thread keeps: what is allocated and freed in every step goes back to the
// system each time, and comes from there page by page.
#pragma once
#include <cstdlib>

#include "call.h"

namespace karenina {

/** Room for so many numbers, until the same thread asks again; null, after a failure, where there is none. */
inline float* scratchFor(Call& call, int64_t numbers) {
  static thread_local struct Kept {
    float* room = nullptr;
    size_t bytes = 0;
    ~Kept() { std::free(room); }
  } kept;
  const size_t bytes = (static_cast<size_t>(numbers) * sizeof(float) / 64 + 1) * 64;
  if (bytes > kept.bytes) {
    std::free(kept.room);
    kept.room = static_cast<float*>(std::aligned_alloc(64, bytes));
    kept.bytes = kept.room == nullptr ? 0 : bytes;
    if (kept.room == nullptr) call.fail("There is not enough memory to work with.");
  }
  return kept.room;
}

}  // namespace karenina
