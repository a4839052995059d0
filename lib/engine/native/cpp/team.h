// Threads that share the steps of sampling, which are too short for TensorFlow's: between two symbols those of this
// team stay awake for some microseconds. They take whatever part is next; nobody waits for one that has taken none,
// so that on a busy machine the caller does all.
#pragma once
#include <cstdint>

namespace karenina {

/** The most parts that a round can have. */
constexpr int MOST_PARTS = 16;

/** Calls work(part) for parts 0 ... parts - 1, on this and other threads, and returns when all are done. */
void runParts(int parts, void (*work)(void* data, int part), void* data);

template <class Work>
void together(int parts, Work work) {
  runParts(parts, [](void* data, int part) { (*static_cast<Work*>(data))(part); }, &work);
}

/** One of `parts` parts of like size of `size` things, with borders at multiples of `unit`. */
struct Share {
  int64_t begin, size;

  Share(int64_t of, int parts, int part, int64_t unit = 1) {
    const int64_t units = (of + unit - 1) / unit;
    const auto border = [&](int64_t at) { return at * units / parts * unit < of ? at * units / parts * unit : of; };
    begin = border(part);
    size = border(part + 1) - begin;
  }
};

}  // namespace karenina
