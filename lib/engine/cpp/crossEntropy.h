// The cross-entropy of softmax, loss and gradient in two passes over a row of logits:
//
//     loss = ln Σ e^(z - max z) - (z_class - max z)    ∂loss/∂z = softmax(z) - one-hot(class)
#pragma once
#include "vectors.h"

namespace karenina {
namespace VARIANT {

/** The largest number of a row, or what is not a number where there is such. */
static inline float largestOf(int64_t size, const float* row) {
  float largest = row[0];
  for (int64_t i = 1; i < size; i++) largest = row[i] > largest || row[i] != row[i] ? row[i] : largest;
  return largest;
}

/**
 * @param logits [rows, V]
 * @param classes [rows], each within 0 ... V - 1
 * @param shares what each row's loss counts, [rows], or one number for all of them
 * @param slopes [rows, V], the gradient of the result by the logits
 * @returns Σ share loss
 */
static double crossEntropy(int64_t rows, int64_t V, const float* logits, const int32_t* classes,
                           const float* shares, bool eachItsOwn, float* slopes) {
  double total = 0;
  for (int64_t r = 0; r < rows; r++) {
    const float* z = logits + r * V;
    float* slope = slopes + r * V;
    const float share = shares[eachItsOwn ? r : 0], largest = largestOf(V, z);
    Vector sums{};
    overVectors(V, [&](int64_t v, int64_t count) {
      store(slope + v, expOf(load(z + v, count) - largest), count);
      sums += load(slope + v, count);
    });
    const float sum = sumOf(sums), scale = share / sum;
    overVectors(V, [&](int64_t v, int64_t count) {
      store(slope + v, load(slope + v, count) * scale, count);
    });
    const int32_t label = classes[r];
    slope[label] -= share;
    total += share * (logOf(sum) - (static_cast<double>(z[label]) - largest));
  }
  return total;
}

}  // namespace VARIANT
}  // namespace karenina
