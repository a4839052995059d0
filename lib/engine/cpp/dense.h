// A dense layer, y = f(x W + b), and the products of its chain rule.
#pragma once
#include "products.h"

namespace karenina {
namespace VARIANT {

static inline Vector activated(int64_t activation, Vector x) {
  switch (activation) {
    case RELU:
      return x < 0.0f ? Vector{} : x;  // what is not a number stays so
    case SIGMOID:
      return sigmoidOf(x);
    case TANH:
      return tanhOf(x);
    default:
      return x;
  }
}

/** y = f(y + b) for M rows of N numbers, `stride` from each other; bias [N] may be null. */
static void activate(int64_t M, int64_t N, int64_t stride, const float* bias, int64_t activation, float* y) {
  if (bias == nullptr && activation == LINEAR) return;
  for (int64_t m = 0; m < M; m++) {
    float* row = y + m * stride;
    overVectors(N, [&](int64_t n, int64_t count) {
      Vector sum = load(row + n, count);
      if (bias != nullptr) sum += load(bias + n, count);
      store(row + n, activated(activation, sum), count);
    });
  }
}

/** y [M, N] = f(x [M, K] W [K, N] + b); bias [N] may be null. */
static void denseForward(const ProductSizes& sizes, const float* x, const float* kernel, const float* bias,
                         int64_t activation, float* y, float* scratch) {
  const auto& [M, N, K] = sizes;
  product(M, N, K, {x, K, 1}, {kernel, N, 1}, y, false, scratch);
  activate(M, N, N, bias, activation, y);
}

/** The gradient by x: C [M, N] = dz [M, K] Wᵀ for W [N, K]. */
static void productByTransposed(const ProductSizes& sizes, const float* dz, const float* kernel, float* c,
                                float* scratch) {
  const auto& [M, N, K] = sizes;
  product(M, N, K, {dz, K, 1}, {kernel, 1, K}, c, false, scratch);
}

/** Rows of the gradient by W: C [M, N] = or += xᵀ dz for M columns of x [K, width] and dz [K, N]. */
static void productOfTransposed(const ProductSizes& sizes, const float* x, int64_t width, const float* dz,
                                float* c, bool adds, float* scratch) {
  const auto& [M, N, K] = sizes;
  product(M, N, K, {x, 1, width}, {dz, N, 1}, c, adds, scratch);
}

static double sumOfSquares(int64_t size, const float* numbers) {
  double total = 0;
  // In float32 no longer than that the sum keeps its digits.
  for (int64_t begin = 0; begin < size; begin += 1024) {
    Vector sums{};
    overVectors(lesser(1024, size - begin), [&](int64_t i, int64_t count) {
      const Vector each = load(numbers + begin + i, count);
      sums += each * each;
    });
    total += sumOf(sums);
  }
  return total;
}

}  // namespace VARIANT
}  // namespace karenina
