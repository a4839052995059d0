// The formulas of the optimizers, elementwise on a range of numbers.
//
// This file is compiled once for each instruction set, into a namespace of its own, and includes nothing:
// a function of the standard library that two of these translation units contain would be linked once, and
// so could run instructions that the processor lacks. The compiler makes vectors of the loops.
#pragma once
#include "kernels.h"

namespace karenina {
namespace VARIANT {

/** The gradient as the step uses it: clipped, then with that of weight decay, λ/2 ‖θ‖². */
struct Prepare {
  float scale, limit, decay;

  float operator()(float gradient, float value) const {
    const float scaled = gradient * scale;
    const float low = scaled < -limit ? -limit : scaled;
    const float clipped = low > limit ? limit : low;
    return clipped + decay * value;
  }
};

/** Calls step(θ, s, u, ∇) for each number; s and u are references to its slots. */
template <class Step>
static inline void overRange(const UpdateRange& range, Step step) {
  const Prepare prepare = {range.scale, range.limit, range.decay};
  const int64_t size = range.size;
  float* __restrict value = range.value;
  float* __restrict first = range.slots[0];
  float* __restrict second = range.slots[1];
  const float* __restrict gradient = range.gradient;
  if (second != nullptr) {
    for (int64_t i = 0; i < size; i++) {
      step(value[i], first[i], second[i], prepare(gradient[i], value[i]));
    }
  } else if (first != nullptr) {
    float none = 0;
    for (int64_t i = 0; i < size; i++) {
      step(value[i], first[i], none, prepare(gradient[i], value[i]));
    }
  } else {
    float none = 0;
    for (int64_t i = 0; i < size; i++) {
      step(value[i], none, none, prepare(gradient[i], value[i]));
    }
  }
}

static inline float root(float x) { return __builtin_sqrtf(x); }

/** θ ← θ - η ∇ */
static void sgd(const UpdateRange& range) {
  const float rate = range.scalars[0];
  overRange(range, [=](float& value, float&, float&, float g) { value -= rate * g; });
}

/** Polyak (1964): v ← μ v + ∇, θ ← θ - η v. */
static void momentum(const UpdateRange& range) {
  const float rate = range.scalars[0], kept = range.scalars[1];
  overRange(range, [=](float& value, float& velocity, float&, float g) {
    velocity = kept * velocity + g;
    value -= rate * velocity;
  });
}

/** Nesterov (1983) in the form of Sutskever et al. (2013): v ← μ v + ∇, θ ← θ - η (∇ + μ v). */
static void nesterov(const UpdateRange& range) {
  const float rate = range.scalars[0], kept = range.scalars[1];
  overRange(range, [=](float& value, float& velocity, float&, float g) {
    velocity = kept * velocity + g;
    value -= rate * (g + kept * velocity);
  });
}

/** Duchi, Hazan & Singer (2011): s ← s + ∇², θ ← θ - η ∇ / (√s + ε). */
static void adagrad(const UpdateRange& range) {
  const float rate = range.scalars[0], epsilon = range.scalars[1];
  overRange(range, [=](float& value, float& squares, float&, float g) {
    squares += g * g;
    value -= rate * g / (root(squares) + epsilon);
  });
}

/** Zeiler (2012): s ← ρ s + (1 - ρ) ∇², Δ = √(u + ε) / √(s + ε) ∇, u ← ρ u + (1 - ρ) Δ², θ ← θ - η Δ. */
static void adadelta(const UpdateRange& range) {
  const float rate = range.scalars[0], rho = range.scalars[1], epsilon = range.scalars[2];
  overRange(range, [=](float& value, float& squares, float& updates, float g) {
    squares = rho * squares + (1 - rho) * (g * g);
    const float change = root((updates + epsilon) / (squares + epsilon)) * g;
    updates = rho * updates + (1 - rho) * (change * change);
    value -= rate * change;
  });
}

/** Tieleman & Hinton (2012): s ← ρ s + (1 - ρ) ∇², v ← μ v + η ∇ / √(s + ε), θ ← θ - v. */
static void rmsProp(const UpdateRange& range) {
  const float rate = range.scalars[0], rho = range.scalars[1];
  const float kept = range.scalars[2], epsilon = range.scalars[3];
  overRange(range, [=](float& value, float& squares, float& velocity, float g) {
    squares += (1 - rho) * (g * g - squares);
    velocity = kept * velocity + rate * g / root(squares + epsilon);
    value -= velocity;
  });
}

/**
 * Kingma & Ba (2014): m ← β1 m + (1 - β1) ∇, v ← β2 v + (1 - β2) ∇², θ ← θ - η m / (√v + ε). The bias
 * corrections are in η and ε (see adamRule in training/optimizers/rules.ts).
 */
static void adam(const UpdateRange& range) {
  const float rate = range.scalars[0], epsilon = range.scalars[3];
  const float a = 1 - range.scalars[1], b = 1 - range.scalars[2];
  overRange(range, [=](float& value, float& m, float& v, float g) {
    m += a * (g - m);
    v += b * (g * g - v);
    value -= rate * m / (root(v) + epsilon);
  });
}

/** Loshchilov & Hutter (2019): θ ← (1 - η λ) θ, then a step of Adam. */
static void adamW(const UpdateRange& range) {
  const float rate = range.scalars[0], epsilon = range.scalars[3], shrinkage = range.scalars[4];
  const float a = 1 - range.scalars[1], b = 1 - range.scalars[2];
  overRange(range, [=](float& value, float& m, float& v, float g) {
    m += a * (g - m);
    v += b * (g * g - v);
    value = (value - shrinkage * value) - rate * m / (root(v) + epsilon);
  });
}

}  // namespace VARIANT
}  // namespace karenina
