// Vectors of the compiler's own kind, as wide as the instruction set has them, and the functions of gates.
// As updates.h this is compiled once for each instruction set, and includes nothing for the same reason.
#pragma once
#include "kernels.h"

namespace karenina {
namespace VARIANT {

#if defined(__AVX512F__)
constexpr int WIDTH = 16;
/** Rows of a product's tile, two vectors wide, such that its sums stay in registers: 24 of 32. */
constexpr int TILE_ROWS = 12;
#elif defined(__AVX2__)
constexpr int WIDTH = 8;
constexpr int TILE_ROWS = 6;
#else
constexpr int WIDTH = 4;
constexpr int TILE_ROWS = 6;
#endif

typedef float Vector __attribute__((vector_size(WIDTH * 4), aligned(4), may_alias));

static inline int64_t lesser(int64_t a, int64_t b) { return a < b ? a : b; }

/** The first n numbers of a vector; the others are 0. */
static inline Vector load(const float* from, int64_t n = WIDTH) {
  if (n >= WIDTH) return *reinterpret_cast<const Vector*>(from);
  float numbers[WIDTH] = {};
  for (int64_t i = 0; i < n; i++) numbers[i] = from[i];
  return *reinterpret_cast<const Vector*>(numbers);
}

static inline void store(float* to, Vector vector, int64_t n = WIDTH) {
  if (n >= WIDTH) {
    *reinterpret_cast<Vector*>(to) = vector;
  } else {
    for (int64_t i = 0; i < n; i++) to[i] = vector[i];
  }
}

/**
 * tanh by the quotient of two polynomials that Eigen and XLA use, which is within some units of the last
 * place. Beyond 9 it is 1 in float32. What is not a number stays so.
 */
static inline Vector tanhOf(Vector x) {
  const Vector limit = 9.0f - Vector{};
  x = x > limit ? limit : x;
  x = x < -limit ? -limit : x;
  const Vector s = x * x;
  Vector p = -2.76076847742355e-16f - Vector{};
  p = p * s + 2.00018790482477e-13f;
  p = p * s - 8.60467152213735e-11f;
  p = p * s + 5.12229709037114e-08f;
  p = p * s + 1.48572235717979e-05f;
  p = p * s + 6.37261928875436e-04f;
  p = p * s + 4.89352455891786e-03f;
  Vector q = 1.19825839466702e-06f - Vector{};
  q = q * s + 1.18534705686654e-04f;
  q = q * s + 2.26843463243900e-03f;
  q = q * s + 4.89352518554385e-03f;
  return x * p / q;
}

/** σ(x) = 1 / (1 + e⁻ˣ) = 1/2 + tanh(x / 2) / 2 */
static inline Vector sigmoidOf(Vector x) { return 0.5f + 0.5f * tanhOf(0.5f * x); }

}  // namespace VARIANT
}  // namespace karenina
