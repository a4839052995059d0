// One step of time of an LSTM layer for some rows and some of its units, by the formulas of lstm.h, as sampling
// makes it: the weights were packed beforehand, and nothing is kept but the states.
#pragma once
#include "products.h"

namespace karenina {
namespace VARIANT {

static void packWeights(const ProductSizes& sizes, const float* numbers, float* packed) {
  pack({numbers, sizes.N, 1}, sizes.K, sizes.N, packed);
}

/** y [M, N] = starts + x [M, K] W for a packed W. */
static void addToStarts(const ProductSizes& sizes, const Starts& starts, const float* x, const float* packed,
                        float* y, float* scratch) {
  const auto& [M, N, K] = sizes;
  for (int64_t m = 0; m < M; m++) {
    const float* start = starts.numbers + (starts.ids != nullptr ? starts.ids[m] * N : 0);
    overVectors(N, [&](int64_t n, int64_t count) { store(y + m * N + n, load(start + n, count), count); });
  }
  if (packed != nullptr) addProduct(M, N, K, {x, K, 1}, packed, y, scratch);
}

static void lstmStep(const LstmStep& o, float* scratch) {
  const int64_t width = 4 * o.units;
  addToStarts({o.N, width, o.D}, o.starts, o.x, o.kernel, o.sums, scratch);
  addProduct(o.N, width, o.H, {o.h, o.H, 1}, o.recurrentKernel, o.sums, scratch);
  for (int64_t n = 0; n < o.N; n++) {
    const float* z = o.sums + n * width;
    float *c = o.c + n * o.H, *next = o.next + n * o.H;
    overVectors(o.units, [&](int64_t u, int64_t count) {
      const auto sum = [&](int64_t gate) { return load(z + gate * o.units + u, count); };
      const Vector of = sigmoidOf(sum(1)) * load(c + u, count) + sigmoidOf(sum(0)) * tanhOf(sum(2));
      store(c + u, of, count);
      store(next + u, sigmoidOf(sum(3)) * tanhOf(of), count);
    });
  }
}

}  // namespace VARIANT
}  // namespace karenina
