// A whole sequence through a simple recurrent layer (Elman 1990), h' = tanh(x W + h U + b), and back.
#pragma once
#include "products.h"

namespace karenina {
namespace VARIANT {

static int64_t simpleRnnScratch(int64_t N, int64_t H) {
  return packedSize(H, H) + N * H + addProductScratch(N, H);
}

/** `h` holds x W when it begins. */
static void simpleRnnForward(const SimpleRnn& o, float* scratch) {
  const int64_t N = o.N, H = o.H, step = o.apart * H;
  pack({o.recurrentKernel, H, 1}, H, H, scratch);
  for (int64_t t = 0; t < o.T; t++) {
    float* h = o.h + t * step;
    addProduct(N, H, H, {t > 0 ? h - step : o.h0, H, 1}, scratch, h, scratch + packedSize(H, H));
    for (int64_t n = 0; n < N; n++) {
      overVectors(H, [&](int64_t u, int64_t count) {
        float* at = h + n * H + u;
        store(at, tanhOf(load(at, count) + load(o.bias + u, count)), count);
      });
    }
  }
}

/** dz = dh (1 - h²), dh₋₁ = dz Uᵀ; dz takes the place of the gradient by h in `slopes`. */
static void simpleRnnBackward(const SimpleRnn& o, float* scratch) {
  const int64_t N = o.N, H = o.H, step = o.apart * H;
  pack({o.recurrentKernel, 1, H}, H, H, scratch);
  float *dh = scratch + packedSize(H, H), *rest = dh + N * H;
  for (int64_t k = 0; k < N * H; k++) dh[k] = o.final != nullptr ? o.final[k] : 0.0f;
  const bool wantsBias = o.biasGradient != nullptr;
  if (wantsBias) {
    for (int64_t k = 0; k < H; k++) o.biasGradient[k] = 0.0f;
  }
  for (int64_t t = o.T - 1; t >= 0; t--) {
    float* slopes = o.slopes + t * step;
    if (t < o.T - 1) {
      for (int64_t k = 0; k < N * H; k++) dh[k] = 0.0f;
      addProduct(N, H, H, {slopes + step, H, 1}, scratch, dh, rest);
    }
    for (int64_t n = 0; n < N; n++) {
      overVectors(H, [&](int64_t u, int64_t count) {
        const int64_t k = n * H + u;
        const Vector h = load(o.h + t * step + k, count);
        const Vector dz = (load(dh + k, count) + load(slopes + k, count)) * (1.0f - h * h);
        store(slopes + k, dz, count);
        if (wantsBias) store(o.biasGradient + u, load(o.biasGradient + u, count) + dz, count);
      });
    }
  }
}

}  // namespace VARIANT
}  // namespace karenina
