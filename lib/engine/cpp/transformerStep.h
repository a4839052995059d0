// One step of a transformer for some rows, with a cache of the keys and values of the steps before (a key-value
// cache), as sampling makes it. By the formulas of layerNorm.h, attention.h and gelu.h; a block is
//
//     x ← x + W_o attention(W_qkv norm(x))    x ← x + W_contract gelu(W_expand norm(x))
#pragma once
#include "attention.h"
#include "gelu.h"
#include "layerNorm.h"
#include "lstmStep.h"

namespace karenina {
namespace VARIANT {

/** How many numbers M rows of a step want to work with. */
static int64_t transformerStepScratch(const TransformerSizes& sizes, int64_t M) {
  const int64_t D = sizes.heads * sizes.d;
  const int64_t depth = greater(D, sizes.hidden);
  return M * (6 * D + sizes.hidden + 1) + 2 * sizes.contextLength + addProductScratch(M, depth);
}

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
 * [heads, d, contextLength] there and values [heads, contextLength, d]: products with either go along rows.
 */
static void attendStep(const TransformerSizes& sizes, int64_t place, const Rotation& rotation, float* qkv,
                       const Cache& cache, float* y, float* scratch) {
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

/** x [M, D] through one block, in place. */
static void transformerBlockStep(const TransformerSizes& sizes, int64_t M, int64_t place,
                                 const Rotation& rotation, const BlockWeights& w, const Cache& cache,
                                 float* x, float* scratch) {
  const int64_t D = sizes.heads * sizes.d, hidden = sizes.hidden;
  float *y = scratch, *normal = y + M * D, *qkv = normal + M * D, *attended = qkv + 3 * M * D;
  float *wide = attended + M * D, *inverse = wide + M * hidden, *ofHead = inverse + M;
  float* rest = ofHead + 2 * sizes.contextLength;
  const auto add = [&] {
    overVectors(M * D, [&](int64_t k, int64_t count) { store(x + k, load(x + k, count) + load(y + k, count), count); });
  };
  normForward({M, D, sizes.epsilon, x, w.attentionGain, w.attentionBias, y, normal, inverse});
  addToStarts({M, 3 * D, D}, {w.qkvBias, nullptr}, y, w.qkv, qkv, rest);
  for (int64_t m = 0; m < M; m++) {
    const int64_t ofRow = m * D * sizes.contextLength;
    attendStep(sizes, place, rotation, qkv + m * 3 * D, {cache.keys + ofRow, cache.values + ofRow},
               attended + m * D, ofHead);
  }
  addToStarts({M, D, D}, {w.projectionBias, nullptr}, attended, w.projection, y, rest);
  add();
  normForward({M, D, sizes.epsilon, x, w.mlpGain, w.mlpBias, y, normal, inverse});
  addToStarts({M, hidden, D}, {w.expandBias, nullptr}, y, w.expand, wide, rest);
  geluForward({M * hidden, sizes.cubic, sizes.linear, wide, wide});
  addToStarts({M, D, hidden}, {w.contractBias, nullptr}, wide, w.contract, y, rest);
  add();
}

}  // namespace VARIANT
}  // namespace karenina
