// Networks that write symbol by symbol, as sampling runs them, with weights and states of their own. JavaScript calls
// them without TensorFlow, whose calls take longer than a small network's step.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

namespace karenina {

class Stepper {
 public:
  virtual ~Stepper() = default;
  /**
   * Reads a symbol for each of N sequences.
   *
   * @param place how many symbols were read before, for a network that looks back on them
   * @param logits [N, V] of the next ones; null where nobody asks
   */
  virtual void step(const int32_t* ids, int64_t place, float* logits) = 0;
  /** Begins again with states of zeros. */
  virtual void reset() = 0;
};

/** Arrays of numbers from JavaScript, in the order that each network says; null for one of no numbers. */
using Arrays = std::vector<const float*>;

/**
 * @param sizes N, V, into how many parts a layer's units are cut, in how many the rows, then H of each layer
 * @param arrays x W + b of the first layer for each symbol [V, 4 H], its recurrent weights [H, 4 H]; of each further
 *   layer kernel [D, 4 H], recurrent weights and bias; kernel [H, V] and bias of the dense layer
 */
std::unique_ptr<Stepper> makeLstmStepper(const std::vector<int32_t>& sizes, const Arrays& arrays);

/**
 * @param sizes N, V, in how many parts the rows are cut, the context's length, heads, d, hidden, how many blocks
 * @param scalars epsilon of the norms, the two numbers of GELU
 * @param arrays embeddings [V, D], learnt positions [C, D] or none, cosines and sines [C, d] or none; the 12 weights of
 *   each block; gain and bias of the last norm, kernel [D, V] and bias of the dense layer
 */
std::unique_ptr<Stepper> makeTransformerStepper(const std::vector<int32_t>& sizes, const float* scalars,
                                                const Arrays& arrays);

}  // namespace karenina
