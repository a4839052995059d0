// The attention of one step of a transformer over the keys and values of the steps before (a key-value cache), by the
// formulas of attention.h.
#pragma once
#include "attention.h"

namespace karenina {
namespace VARIANT {

/** Turns the pairs of numbers of a head by the angles of one place. */
static inline void turnHead(int64_t d, const float* cosines, const float* sines, float* numbers) {
  for (int64_t i = 0; i < d / 2; i++) {
    const float a = numbers[i], b = numbers[i + d / 2];
    numbers[i] = a * cosines[i] - b * sines[i];
    numbers[i + d / 2] = b * cosines[i] + a * sines[i];
  }
}

/**
 * A row's attention over what it has read, [D], from its qkv [3 D], whose key and value join the cache. Keys lie
 * [heads, d, contextLength] there and values [heads, contextLength, d]: products with either go along rows. Wants 2
 * contextLength numbers to work with.
 */
static void attendStep(const HeadSizes& sizes, int64_t place, const Rotation& rotation, float* qkv, const Cache& cache,
                       float* y, float* scratch) {
  const int64_t d = sizes.d, D = sizes.heads * d, C = sizes.contextLength, seen = place + 1;
  float *scores = scratch, *weights = scratch + C;
  const float scale = 1.0f / __builtin_sqrtf(static_cast<float>(d));
  for (int64_t head = 0; head < sizes.heads; head++) {
    float *query = qkv + head * d, *key = query + D, *value = key + D;
    float *keys = cache.keys + head * d * C, *values = cache.values + head * C * d, *out = y + head * d;
    if (rotation.cosines != nullptr) {
      turnHead(d, rotation.cosines, rotation.sines, query);
      turnHead(d, rotation.cosines, rotation.sines, key);
    }
    for (int64_t i = 0; i < d; i++) keys[i * C + place] = key[i];
    for (int64_t i = 0; i < d; i++) values[place * d + i] = value[i];
    overVectors(seen, [&](int64_t s, int64_t count) {
      Vector sum{};
      for (int64_t i = 0; i < d; i++) sum = plusProduct(sum, query[i] * scale, load(keys + i * C + s, count));
      store(scores + s, sum, count);
    });
    softmaxRow(scores, seen, seen, weights);
    overVectors(d, [&](int64_t i, int64_t count) {
      Vector sum{};
      for (int64_t s = 0; s < seen; s++) sum = plusProduct(sum, weights[s], load(values + s * d + i, count));
      store(out + i, sum, count);
    });
  }
}

}  // namespace VARIANT
}  // namespace karenina
