// Layer normalisation of rows (Ba, Kiros & Hinton 2016), y = x̂ gain + bias with x̂ = (x - mean) / √(variance + ε),
// and its chain rule:
//
//     ∂x = (g - mean g - x̂ mean(g x̂)) / √(variance + ε)    g = dy gain    ∂gain = Σ dy x̂    ∂bias = Σ dy
#pragma once
#include "vectors.h"

namespace karenina {
namespace VARIANT {

/** The sum of a row of what `each` makes of a vector of places, the mean of which is over all D. */
template <class Each>
static inline float meanOver(int64_t D, Each each) {
  Vector sums{};
  overVectors(D, [&](int64_t d, int64_t count) { sums += each(d, count); });
  return sumOf(sums) / static_cast<float>(D);
}

/** x [R, D] to y and x̂, [R, D], and 1 / √(variance + ε), [R]. */
static void normForward(const Norm& o) {
  for (int64_t r = 0; r < o.R; r++) {
    const float* x = o.x + r * o.D;
    float *y = o.y + r * o.D, *normal = o.normal + r * o.D;
    const float mean = meanOver(o.D, [&](int64_t d, int64_t count) { return load(x + d, count); });
    const float variance = meanOver(o.D, [&](int64_t d, int64_t count) {
      Vector far = load(x + d, count) - mean;
      // Beyond the row's end there is nothing that is far from the mean.
      for (int64_t i = count; i < WIDTH; i++) far[i] = 0.0f;
      return far * far;
    });
    const float inverse = 1.0f / __builtin_sqrtf(variance + o.epsilon);
    o.inverse[r] = inverse;
    overVectors(o.D, [&](int64_t d, int64_t count) {
      const Vector of = (load(x + d, count) - mean) * inverse;
      store(normal + d, of, count);
      store(y + d, of * load(o.gain + d, count) + load(o.bias + d, count), count);
    });
  }
}

/** From dy [R, D] to dx [R, D], and the gradients by gain and bias, [D], which are both null where nobody asks. */
static void normBackward(const NormGradients& o) {
  const bool wantsWeights = o.byGain != nullptr;
  for (int64_t d = 0; wantsWeights && d < o.D; d++) o.byGain[d] = o.byBias[d] = 0.0f;
  for (int64_t r = 0; r < o.R; r++) {
    const float *dy = o.dy + r * o.D, *normal = o.normal + r * o.D;
    float* dx = o.dx + r * o.D;
    const auto byNormal = [&](int64_t d, int64_t count) { return load(dy + d, count) * load(o.gain + d, count); };
    const float mean = meanOver(o.D, byNormal);
    const float along = meanOver(o.D, [&](int64_t d, int64_t count) {
      return byNormal(d, count) * load(normal + d, count);
    });
    overVectors(o.D, [&](int64_t d, int64_t count) {
      const Vector by = load(dy + d, count), of = load(normal + d, count);
      store(dx + d, (byNormal(d, count) - mean - of * along) * o.inverse[r], count);
      if (!wantsWeights) return;
      store(o.byGain + d, load(o.byGain + d, count) + by * of, count);
      store(o.byBias + d, load(o.byBias + d, count) + by, count);
    });
  }
}

}  // namespace VARIANT
}  // namespace karenina
