// A whole sequence through a gated recurrent unit (Cho et al. 2014), forward and backward:
//
//     z, r = σ(x W + h U + b)    g = tanh(x W + (r h) U + b)    h ← z h + (1 - z) g
//
// or, where its reset gate acts after the product, g = tanh(x W + b + r (h U + b')), z and r with b + b'.
#pragma once
#include "products.h"

namespace karenina {
namespace VARIANT {

static int64_t gruScratch(int64_t N, int64_t H) {
  const int64_t forward = packedSize(H, 2 * H) + packedSize(H, H);
  const int64_t backward = packedSize(2 * H, H) + packedSize(H, H);
  const int64_t after = greater(packedSize(H, 3 * H), packedSize(3 * H, H));
  return greater(after, greater(forward, backward)) + 4 * N * H + addProductScratch(N, 3 * H);
}

/** Calls step(n, u, count) for all units of all rows, a vector at a time. */
template <class Step>
static inline void overCells(const Gru& o, Step step) {
  for (int64_t n = 0; n < o.N; n++) {
    overVectors(o.H, [&](int64_t u, int64_t count) { step(n, u, count); });
  }
}

static inline void clear(int64_t size, float* numbers) {
  for (int64_t k = 0; k < size; k++) numbers[k] = 0.0f;
}

/** `gates` holds x W when it begins, and z, r, g afterwards; `inner` r h, or h U + b' of the candidate. */
static void gruForward(const Gru& o, float* scratch) {
  const int64_t N = o.N, H = o.H, size = N * H, step = o.apart * H;
  float *ofGates = scratch, *ofCandidate = scratch + packedSize(H, 2 * H);
  float* sums = o.resetAfter ? scratch + packedSize(H, 3 * H) : ofCandidate + packedSize(H, H);
  float *candidates = sums + 3 * size, *rest = candidates + size;
  pack({o.recurrentKernel, 3 * H, 1}, H, o.resetAfter ? 3 * H : 2 * H, ofGates);
  if (!o.resetAfter) pack({o.recurrentKernel + 2 * H, 3 * H, 1}, H, H, ofCandidate);
  const int64_t width = o.resetAfter ? 3 * H : 2 * H;
  const float* second = o.bias + 3 * H;
  for (int64_t t = 0; t < o.T; t++) {
    float *gates = o.gates + 3 * t * step, *inner = o.inner + t * step, *h = o.h + t * step;
    const float* before = t > 0 ? h - step : o.h0;
    clear(N * width, sums);
    addProduct(N, width, H, {before, H, 1}, ofGates, sums, rest);
    overCells(o, [&](int64_t n, int64_t u, int64_t count) {
      const auto sum = [&](int64_t gate) {
        const Vector total = load(gates + (3 * n + gate) * H + u, count) + load(o.bias + gate * H + u, count) +
                             load(sums + n * width + gate * H + u, count);
        return o.resetAfter ? total + load(second + gate * H + u, count) : total;
      };
      const Vector z = sigmoidOf(sum(0)), r = sigmoidOf(sum(1));
      store(gates + 3 * n * H + u, z, count);
      store(gates + (3 * n + 1) * H + u, r, count);
      const Vector of = o.resetAfter ? load(sums + n * width + 2 * H + u, count) + load(second + 2 * H + u, count)
                                     : r * load(before + n * H + u, count);
      store(inner + n * H + u, of, count);
    });
    if (!o.resetAfter) {
      clear(size, candidates);
      addProduct(N, H, H, {inner, H, 1}, ofCandidate, candidates, rest);
    }
    overCells(o, [&](int64_t n, int64_t u, int64_t count) {
      float* at = gates + (3 * n + 2) * H + u;
      const Vector z = load(gates + 3 * n * H + u, count), r = load(gates + (3 * n + 1) * H + u, count);
      const Vector byState = o.resetAfter ? r * load(inner + n * H + u, count)
                                          : load(candidates + n * H + u, count);
      const Vector g = tanhOf(load(at, count) + load(o.bias + 2 * H + u, count) + byState);
      store(at, g, count);
      store(h + n * H + u, z * load(before + n * H + u, count) + (1.0f - z) * g, count);
    });
  }
}

/**
 * The chain rule. With dh the gradient by a step's h, from above and from the next step:
 *
 *     dz = dh (h₋₁ - g) z (1 - z)    dg = dh (1 - z) (1 - g²)    dh₋₁ = dh z + [dz, dr] Uᵀ + r d(r h)
 *     d(r h) = dg Uᵀ    dr = d(r h) h₋₁ r (1 - r)
 *
 * or, with the reset gate after the product, dr = dg (h U + b') r (1 - r) and dh₋₁ = dh z + [dz, dr, dg r] Uᵀ.
 * The gradient by x W takes the place of the gates; that by h U with a reset gate after it is `slopes`.
 */
static void gruBackward(const Gru& o, float* scratch) {
  const int64_t N = o.N, H = o.H, size = N * H, step = o.apart * H;
  float *ofGates = scratch, *ofCandidate = scratch + packedSize(2 * H, H);
  float* dh = o.resetAfter ? scratch + packedSize(3 * H, H) : ofCandidate + packedSize(H, H);
  float *byInner = dh + size, *rest = byInner + size;
  const int64_t width = o.resetAfter ? 3 * H : 2 * H;
  pack({o.recurrentKernel, 1, 3 * H}, width, H, ofGates);
  if (!o.resetAfter) pack({o.recurrentKernel + 2 * H, 1, 3 * H}, H, H, ofCandidate);
  for (int64_t k = 0; k < size; k++) dh[k] = o.final != nullptr ? o.final[k] : 0.0f;
  const bool wantsBias = o.biasGradient != nullptr;
  if (wantsBias) clear(o.resetAfter ? 6 * H : 3 * H, o.biasGradient);
  const auto sumUp = [](float* to, const float* rows, int64_t count, int64_t size) {
    for (int64_t n = 0; n < count; n++) {
      for (int64_t k = 0; k < size; k++) to[k] += rows[n * size + k];
    }
  };
  for (int64_t t = o.T - 1; t >= 0; t--) {
    float *gates = o.gates + 3 * t * step, *slopes = o.slopes + 3 * t * step;
    const float *inner = o.inner + t * step, *before = t > 0 ? o.h + (t - 1) * step : o.h0;
    overCells(o, [&](int64_t n, int64_t u, int64_t count) {
      float* a = gates + 3 * n * H + u;
      const int64_t k = n * H + u;
      const Vector z = load(a, count), r = load(a + H, count), g = load(a + 2 * H, count);
      Vector by = load(dh + k, count);
      if (o.sequence != nullptr) by += load(o.sequence + t * step + k, count);
      const Vector dz = by * (load(before + k, count) - g) * z * (1.0f - z);
      const Vector dg = by * (1.0f - z) * (1.0f - g * g);
      store(a, dz, count);
      store(a + 2 * H, dg, count);
      store(dh + k, by * z, count);
      if (o.resetAfter) {
        float* s = slopes + 3 * n * H + u;
        const Vector dr = dg * load(inner + k, count) * r * (1.0f - r);
        store(a + H, dr, count);
        store(s, dz, count);
        store(s + H, dr, count);
        store(s + 2 * H, dg * r, count);
      }
    });
    if (o.resetAfter) {
      addProduct(N, H, 3 * H, {slopes, 3 * H, 1}, ofGates, dh, rest);
      if (wantsBias) sumUp(o.biasGradient + 3 * H, slopes, N, 3 * H);
    } else {
      clear(size, byInner);
      addProduct(N, H, H, {gates + 2 * H, 3 * H, 1}, ofCandidate, byInner, rest);
      overCells(o, [&](int64_t n, int64_t u, int64_t count) {
        float* at = gates + (3 * n + 1) * H + u;
        const int64_t k = n * H + u;
        const Vector r = load(at, count), by = load(byInner + k, count);
        store(at, by * load(before + k, count) * r * (1.0f - r), count);
        store(dh + k, load(dh + k, count) + by * r, count);
      });
      addProduct(N, H, 2 * H, {gates, 3 * H, 1}, ofGates, dh, rest);
    }
    if (wantsBias) sumUp(o.biasGradient, gates, N, 3 * H);
  }
}

}  // namespace VARIANT
}  // namespace karenina
