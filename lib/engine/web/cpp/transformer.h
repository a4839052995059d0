// The parts of a transformer's block on some rows, numbers or sequences: none of them depends on others.
#pragma once
#include "attendStep.h"
#include "gelu.h"
#include "layerNorm.h"
#include "parts.h"

namespace karenina {
namespace VARIANT {

static void norm(const NormRows& o, const Part& part) {
  const auto [begin, rows] = part.of(o.R);
  const int64_t at = begin * o.D;
  normForward({rows, o.D, o.epsilon, o.x + at, o.gain, o.bias, o.y + at, o.normal + at, o.inverse + begin});
}

static void normSlopes(const NormSlopes& o, const Part& part) {
  const auto [begin, rows] = part.of(o.R);
  const int64_t at = begin * o.D;
  normBackward({rows, o.D, o.dy + at, o.gain, o.normal + at, o.inverse + begin, o.dx + at, nullptr, nullptr});
}

static void gelu(const GeluNumbers& o, bool backward, const Part& part) {
  const auto [begin, size] = part.of(o.size, LINE);
  (backward ? geluBackward : geluForward)({size, o.cubic, o.linear, o.x + begin, o.y + begin});
}

static void attention(const AttentionHeads& o, bool backward, const Part& part, float* scratch) {
  const auto [begin, some] = part.of(o.N);
  const Attention all = {o.N, o.T, o.heads, o.d, o.qkv, o.cosines, o.sines, o.y, o.weights};
  if (backward) {
    attentionSlopesOfSome(all, {o.dy, o.slopes}, begin, begin + some, scratch);
  } else {
    attentionOfSome(all, begin, begin + some, scratch);
  }
}

static void attendSteps(const AttendStep& o, const Part& part, float* scratch) {
  const auto [begin, rows] = part.of(o.N);
  const int64_t D = int64_t{o.heads} * o.d;
  for (int64_t n = begin; n < begin + rows; n++) {
    const int64_t ofRow = n * D * o.contextLength;
    attendStep({o.heads, o.d, o.contextLength}, o.place, {o.cosines, o.sines}, o.qkv + n * 3 * D,
               {o.keys + ofRow, o.values + ofRow}, o.y + n * D, scratch);
  }
}

}  // namespace VARIANT
}  // namespace karenina
