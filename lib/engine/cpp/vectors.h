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
#elif defined(__wasm__)
constexpr int WIDTH = 4;
/** Engines keep more of a module's numbers than its sums in registers; more rows were half as fast. */
constexpr int TILE_ROWS = 4;
#else
constexpr int WIDTH = 4;
constexpr int TILE_ROWS = 6;
#endif

typedef float Vector __attribute__((vector_size(WIDTH * 4), aligned(4), may_alias));

static inline int64_t lesser(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t greater(int64_t a, int64_t b) { return a > b ? a : b; }

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

/** sum + a b. WebAssembly has it in one instruction only where its name is called. */
static inline Vector plusProduct(Vector sum, float a, Vector b) {
#if defined(__wasm_relaxed_simd__)
  return (Vector)__builtin_wasm_relaxed_madd_f32x4(a - Vector{}, b, sum);
#else
  return sum + a * b;
#endif
}

/** Calls step(i, n) for the numbers i ... i + n - 1 of a row, a vector at a time. */
template <class Step>
static inline void overVectors(int64_t size, Step step) {
  int64_t i = 0;
  for (; i + WIDTH <= size; i += WIDTH) step(i, static_cast<int64_t>(WIDTH));
  if (i < size) step(i, size - i);
}

/** Four numbers, whatever the instruction set. */
typedef float Four __attribute__((vector_size(16), aligned(4), may_alias));

#if defined(__clang__)
#define SHUFFLED(a, b, i, j, k, l) __builtin_shufflevector(a, b, i, j, k, l)
#else
typedef int32_t FourPlaces __attribute__((vector_size(16)));
#define SHUFFLED(a, b, i, j, k, l) __builtin_shuffle(a, b, FourPlaces{i, j, k, l})
#endif

/** Exchanges rows and columns of 4 by 4 numbers; the strides are from row to row. */
static inline void transposeFour(const float* from, int64_t stride, float* to, int64_t toStride) {
  const auto row = [&](int64_t i) { return *reinterpret_cast<const Four*>(from + i * stride); };
  const Four a = row(0), b = row(1), c = row(2), d = row(3);
  const Four low = SHUFFLED(a, b, 0, 4, 1, 5), high = SHUFFLED(a, b, 2, 6, 3, 7);
  const Four lowNext = SHUFFLED(c, d, 0, 4, 1, 5), highNext = SHUFFLED(c, d, 2, 6, 3, 7);
  const Four columns[4] = {
      SHUFFLED(low, lowNext, 0, 1, 4, 5), SHUFFLED(low, lowNext, 2, 3, 6, 7),
      SHUFFLED(high, highNext, 0, 1, 4, 5), SHUFFLED(high, highNext, 2, 3, 6, 7)};
  for (int64_t i = 0; i < 4; i++) *reinterpret_cast<Four*>(to + i * toStride) = columns[i];
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

/** The bits of the numbers of a vector. */
typedef int32_t Bits __attribute__((vector_size(WIDTH * 4), may_alias));

/**
 * e^x as 2^n e^r with n = x / ln 2 rounded, |r| <= ln 2 / 2, and the polynomial of Cephes's expf (Moshier
 * 1992), within some units of the last place. Below -87 it is e^-87, above 88 e^88. What is not a number
 * stays so.
 */
static inline Vector expOf(Vector x) {
  const Vector least = -87.0f - Vector{}, most = 88.0f - Vector{};
  x = x < least ? least : x;
  x = x > most ? most : x;
  // Adding 1.5 2^23 leaves a whole number in the lowest bits.
  const Vector shift = 12582912.0f - Vector{};
  const Vector shifted = x * 1.44269504f + shift, n = shifted - shift;
  const Vector r = x - n * 0.693359375f + n * 2.12194440e-4f;
  Vector p = 1.9875691500e-4f - Vector{};
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const Bits exponent = ((Bits)shifted - (Bits)shift + 127) << 23;
  return p * (Vector)exponent;
}

/**
 * ln x of a positive number as x = 2^n m, ln m = 2 artanh((m - 1) / (m + 1)), to 9 digits. Of what is not a
 * positive finite number it is not a number.
 */
static inline double logOf(double x) {
  if (!(x > 0 && x < 1e300)) return __builtin_nan("");
  int n = 0;
  for (; x > 1.5; n++) x *= 0.5;
  for (; x < 0.75; n--) x *= 2;
  const double s = (x - 1) / (x + 1), q = s * s;
  const double series = 1 + q * (1.0 / 3 + q * (1.0 / 5 + q * (1.0 / 7 + q * (1.0 / 9 + q / 11))));
  return 0.6931471805599453 * n + 2 * s * series;
}

/** The sum of a vector's numbers, always in the same order. */
static inline float sumOf(Vector vector) {
  float sum = 0;
  for (int i = 0; i < WIDTH; i++) sum += vector[i];
  return sum;
}

}  // namespace VARIANT
}  // namespace karenina
