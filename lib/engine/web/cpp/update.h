// Whether loss and gradient are such that an update may follow, and the update.
#pragma once
#include "parts.h"
#include "updates.h"

namespace karenina {
namespace VARIANT {

static void decide(Step& step) {
  step.norm = __builtin_sqrt(step.squares);
  // Infinity minus itself is not a number.
  step.isFinite = step.loss - step.loss == 0 && step.norm - step.norm == 0;
  const bool tooLong = step.clipNorm > 0 && step.norm > step.clipNorm;
  step.scale = tooLong ? static_cast<float>(step.clipNorm / step.norm) : 1.0f;
  step.limit = step.clipValue > 0 ? step.clipValue : __builtin_inff();
}

static void update(const Update& o, const Step& step, const Part& part) {
  static void (*const rules[RULES])(const UpdateRange&) = {sgd,      momentum, nesterov, adagrad,
                                                           adadelta, rmsProp,  adam,     adamW};
  if (!step.isFinite) return;
  const auto [begin, size] = part.of(o.size, LINE);
  rules[o.rule]({size, o.value + begin, {further(o.first, begin), further(o.second, begin)},
                 o.gradient + begin, step.scale, step.limit, step.decay, step.scalars});
}

}  // namespace VARIANT
}  // namespace karenina
