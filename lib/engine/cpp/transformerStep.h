// One step of a transformer for some rows, with a cache of the keys and values of the steps before (a key-value
// cache), as sampling makes it. By the formulas of layerNorm.h, attention.h and gelu.h; a block is
//
//     x ← x + W_o attention(W_qkv norm(x))    x ← x + W_contract gelu(W_expand norm(x))
#pragma once
#include "attendStep.h"
#include "gelu.h"
#include "layerNorm.h"
#include "lstmStep.h"

namespace karenina {
namespace VARIANT {

/** How many numbers M rows of a step want to work with. */
static int64_t transformerStepScratch(const TransformerSizes& sizes, int64_t M) {
  const int64_t D = sizes.of.heads * sizes.of.d;
  const int64_t depth = greater(D, sizes.hidden);
  return M * (6 * D + sizes.hidden + 1) + 2 * sizes.of.contextLength + addProductScratch(M, depth);
}

/** x [M, D] through one block, in place. */
static void transformerBlockStep(const TransformerSizes& sizes, int64_t M, int64_t place,
                                 const Rotation& rotation, const BlockWeights& w, const Cache& cache,
                                 float* x, float* scratch) {
  const int64_t D = sizes.of.heads * sizes.of.d, hidden = sizes.hidden;
  float *y = scratch, *normal = y + M * D, *qkv = normal + M * D, *attended = qkv + 3 * M * D;
  float *wide = attended + M * D, *inverse = wide + M * hidden, *ofHead = inverse + M;
  float* rest = ofHead + 2 * sizes.of.contextLength;
  const auto add = [&] {
    overVectors(M * D, [&](int64_t k, int64_t count) { store(x + k, load(x + k, count) + load(y + k, count), count); });
  };
  normForward({M, D, sizes.epsilon, x, w.attentionGain, w.attentionBias, y, normal, inverse});
  addToStarts({M, 3 * D, D}, {w.qkvBias, nullptr}, y, w.qkv, qkv, rest);
  for (int64_t m = 0; m < M; m++) {
    const int64_t ofRow = m * D * sizes.of.contextLength;
    attendStep(sizes.of, place, rotation, qkv + m * 3 * D, {cache.keys + ofRow, cache.values + ofRow},
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
