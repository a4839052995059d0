// One step of time of a few sequences, as sampling makes it: each weight is read once and packed never.
#pragma once
#include "parts.h"
#include "vectors.h"

namespace karenina {
namespace VARIANT {

/** Columns of y [N, M] += x [N, K] W [K, M], four rows of W at a time, so that y is read as rarely. */
static void addFewRows(const FewRows& o, const Part& part) {
  const auto [begin, columns] = part.of(o.M, LINE);
  for (int64_t n = 0; n < o.N; n++) {
    const float* x = o.x + n * o.K;
    float* y = o.y + n * o.M + begin;
    int64_t k = 0;
    for (; k + 4 <= o.K; k += 4) {
      const float* w = o.kernel + k * o.M + begin;
      overVectors(columns, [&](int64_t m, int64_t count) {
        Vector sum = load(y + m, count);
        for (int64_t i = 0; i < 4; i++) {
          sum = plusProduct(sum, x[k + i], load(w + i * o.M + m, count));
        }
        store(y + m, sum, count);
      });
    }
    for (; k < o.K; k++) {
      const float* w = o.kernel + k * o.M + begin;
      overVectors(columns, [&](int64_t m, int64_t count) {
        store(y + m, plusProduct(load(y + m, count), x[k], load(w + m, count)), count);
      });
    }
  }
}

/** From the sums of the gates i, f, g, o, [N, 4 H], to the next h and c, in place. */
static void lstmCell(const Cell& o) {
  for (int64_t n = 0; n < o.N; n++) {
    const float* z = o.sums + 4 * n * o.H;
    overVectors(o.H, [&](int64_t u, int64_t count) {
      const auto sum = [&](int64_t gate) { return load(z + gate * o.H + u, count); };
      float* c = o.c + n * o.H + u;
      const Vector next = sigmoidOf(sum(1)) * load(c, count) + sigmoidOf(sum(0)) * tanhOf(sum(2));
      store(c, next, count);
      store(o.h + n * o.H + u, sigmoidOf(sum(3)) * tanhOf(next), count);
    });
  }
}

/** From sums [N, H] to the next h of a simple recurrent layer, in place. */
static void simpleRnnCell(const Cell& o) {
  overVectors(int64_t{o.N} * o.H, [&](int64_t k, int64_t count) {
    store(o.h + k, tanhOf(load(o.sums + k, count)), count);
  });
}

}  // namespace VARIANT
}  // namespace karenina
