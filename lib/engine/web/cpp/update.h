// Whether loss and gradient are such that an update may follow, and the update.
#pragma once
#include "program.h"
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

static void update(const Update& o, const Step& step) {
  static void (*const rules[RULES])(const UpdateRange&) = {sgd,      momentum, nesterov, adagrad,
                                                           adadelta, rmsProp,  adam,     adamW};
  if (!step.isFinite) return;
  rules[o.rule]({o.size, o.value, {o.first, o.second}, o.gradient, step.scale, step.limit, step.decay,
                 step.scalars});
}

}  // namespace VARIANT
}  // namespace karenina
