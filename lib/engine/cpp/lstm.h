// A whole sequence through an LSTM (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000),
// forward and backward:
//
//     i, f, o = σ(x W + h U + b)    g = tanh(x W + h U + b)    c ← f c + i g    h ← o tanh(c)
//
// The recurrent weights are packed once; a step of time is one product with them and one pass over its gates.
#pragma once
#include "products.h"

namespace karenina {
namespace VARIANT {

static int64_t lstmScratch(const SequenceSizes& sizes) {
  const int64_t N = sizes.N, H = sizes.H;
  const int64_t forward = packedSize(H, 4 * H), backward = packedSize(4 * H, H);
  return (forward > backward ? forward : backward) + 2 * N * H + addProductScratch(N, 4 * H);
}

static void lstmForward(const SequenceSizes& sizes, const LstmInputs& inputs, const LstmSteps& steps,
                        float* scratch) {
  const int64_t N = sizes.N, H = sizes.H, step = sizes.apart * H;
  pack({inputs.recurrentKernel, 4 * H, 1}, H, 4 * H, scratch);
  for (int64_t t = 0; t < sizes.T; t++) {
    float* gates = steps.gates + 4 * t * step;
    const float* h = t > 0 ? steps.h + (t - 1) * step : inputs.h0;
    addProduct(N, 4 * H, H, {h, H, 1}, scratch, gates, scratch + packedSize(H, 4 * H));
    const float* before = t > 0 ? steps.c + (t - 1) * step : inputs.c0;
    for (int64_t n = 0; n < N; n++) {
      float* z = gates + 4 * n * H;
      const int64_t row = t * step + n * H;
      overVectors(H, [&](int64_t u, int64_t count) {
        const auto sum = [&](int64_t gate) {
          return load(z + gate * H + u, count) + load(inputs.bias + gate * H + u, count);
        };
        const Vector i = sigmoidOf(sum(0)), f = sigmoidOf(sum(1));
        const Vector g = tanhOf(sum(2)), o = sigmoidOf(sum(3));
        const Vector c = f * load(before + n * H + u, count) + i * g;
        const Vector tanhC = tanhOf(c);
        store(z + u, i, count);
        store(z + H + u, f, count);
        store(z + 2 * H + u, g, count);
        store(z + 3 * H + u, o, count);
        store(steps.c + row + u, c, count);
        store(steps.tanhC + row + u, tanhC, count);
        store(steps.h + row + u, o * tanhC, count);
      });
    }
  }
}

/**
 * The chain rule. With dh the gradient by a step's h, from above and from the next step:
 *
 *     dc ← dc + dh o (1 - tanh²c)    dz_i = dc g i (1 - i)    dz_f = dc c₋₁ f (1 - f)
 *     dz_g = dc i (1 - g²)    dz_o = dh tanh(c) o (1 - o)    dc₋₁ = dc f    dh₋₁ = dz Uᵀ
 */
static void lstmBackward(const SequenceSizes& sizes, const LstmInputs& inputs, const LstmSteps& steps,
                         const LstmGradients& gradients, float* scratch) {
  const int64_t N = sizes.N, H = sizes.H, step = sizes.apart * H;
  pack({inputs.recurrentKernel, 1, 4 * H}, 4 * H, H, scratch);
  float* dh = scratch + packedSize(4 * H, H);
  float *dc = dh + N * H, *rest = dc + N * H;
  for (int64_t k = 0; k < N * H; k++) dh[k] = gradients.final != nullptr ? gradients.final[k] : 0.0f;
  for (int64_t k = 0; k < N * H; k++) dc[k] = 0.0f;
  const bool wantsBias = gradients.bias != nullptr;
  if (wantsBias) {
    for (int64_t k = 0; k < 4 * H; k++) gradients.bias[k] = 0.0f;
  }
  for (int64_t t = sizes.T - 1; t >= 0; t--) {
    if (t < sizes.T - 1) {
      for (int64_t k = 0; k < N * H; k++) dh[k] = 0.0f;
      const float* dz = gradients.gates + 4 * (t + 1) * step;
      addProduct(N, H, 4 * H, {dz, 4 * H, 1}, scratch, dh, rest);
    }
    const float* before = t > 0 ? steps.c + (t - 1) * step : inputs.c0;
    for (int64_t n = 0; n < N; n++) {
      const int64_t row = t * step + n * H;
      const float* a = steps.gates + 4 * row;
      float* dz = gradients.gates + 4 * row;
      overVectors(H, [&](int64_t u, int64_t count) {
        const Vector i = load(a + u, count), f = load(a + H + u, count);
        const Vector g = load(a + 2 * H + u, count), o = load(a + 3 * H + u, count);
        const Vector tanhC = load(steps.tanhC + row + u, count);
        Vector dhOf = load(dh + n * H + u, count);
        if (gradients.sequence != nullptr) dhOf += load(gradients.sequence + row + u, count);
        const Vector dcOf = load(dc + n * H + u, count) + dhOf * o * (1.0f - tanhC * tanhC);
        const Vector by[4] = {
            dcOf * g * i * (1.0f - i),
            dcOf * load(before + n * H + u, count) * f * (1.0f - f),
            dcOf * i * (1.0f - g * g),
            dhOf * tanhC * o * (1.0f - o),
        };
        for (int64_t gate = 0; gate < 4; gate++) {
          store(dz + gate * H + u, by[gate], count);
          if (!wantsBias) continue;
          float* bias = gradients.bias + gate * H + u;
          store(bias, load(bias, count) + by[gate], count);
        }
        store(dc + n * H + u, dcOf * f, count);
      });
    }
  }
}

}  // namespace VARIANT
}  // namespace karenina
