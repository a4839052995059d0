// GELU by its sigmoid with a cubic argument (Hendrycks & Gimpel 2016, their approximation by tanh):
//
//     y = x s    s = σ(a)    a = x (cubic x² + linear)    ∂y/∂x = s + y (1 - s) (3 cubic x² + linear)
#pragma once
#include "vectors.h"

namespace karenina {
namespace VARIANT {

/** s by e⁻ᵃ, which keeps its digits where it is small: 1/2 + tanh(a / 2) / 2 would lose them. */
struct Gate {
  Vector value, rest;
};

static inline Gate gateOf(const Gelu& o, Vector x) {
  const Vector power = expOf(-x * (o.cubic * x * x + o.linear)), value = 1.0f / (1.0f + power);
  return {value, power * value};
}

static void geluForward(const Gelu& o) {
  overVectors(o.size, [&](int64_t k, int64_t count) {
    const Vector x = load(o.x + k, count);
    store(o.y + k, x * gateOf(o, x).value, count);
  });
}

/** y holds dy when it begins, and dx afterwards. */
static void geluBackward(const Gelu& o) {
  overVectors(o.size, [&](int64_t k, int64_t count) {
    const Vector x = load(o.x + k, count);
    const auto [gate, rest] = gateOf(o, x);
    const Vector slope = gate + x * gate * rest * (3.0f * o.cubic * x * x + o.linear);
    store(o.y + k, load(o.y + k, count) * slope, count);
  });
}

}  // namespace VARIANT
}  // namespace karenina
