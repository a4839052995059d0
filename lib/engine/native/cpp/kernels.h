// The loops that do the work, as a table of functions: one table for each instruction set.
#pragma once
#include <cstdint>

namespace karenina {

/** A range of a variable's numbers, and what moves them. */
struct UpdateRange {
  int64_t size;
  float* value;
  /** Null where the formula keeps fewer. */
  float* slots[2];
  const float* gradient;
  /** What the gradient is multiplied by, the limit of its numbers after that, and λ of weight decay. */
  float scale, limit, decay;
  /** The numbers of the formula, in the order of its UpdateRule. */
  const float* scalars;
};

/** How many formulas there are: sgd, momentum, nesterov, adagrad, adadelta, rmsProp, adam, adamW. */
constexpr int RULES = 8;
/** How many slots each keeps for a variable. */
constexpr int SLOTS[RULES] = {0, 1, 1, 1, 2, 2, 2, 2};
/** How many scalars each reads. */
constexpr int SCALARS[RULES] = {1, 2, 2, 2, 3, 4, 4, 5};

struct Kernels {
  const char* name;
  void (*updates[RULES])(const UpdateRange&);
};

/** The fastest that this processor can run, or the one that KARENINA_OPERATIONS names if it can. */
const Kernels& kernels();

}  // namespace karenina
