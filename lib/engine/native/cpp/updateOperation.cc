// KareninaUpdate: a step of an optimizer on one part of every variable, in place.
#include <cmath>
#include <limits>
#include <vector>

#include "call.h"
#include "kernels.h"
#include "operations.h"

namespace karenina {
namespace {

struct Attributes {
  int64_t rule, part, parts, variables, gradients;

  void read(Construction& reading) {
    rule = reading.integer("rule", 0, RULES);
    parts = reading.integer("parts", 1);
    part = reading.integer("part", 0, parts);
    variables = reading.integer("N", 1);
    gradients = reading.integer("pieces", 1);
  }
};

/** Where part `part` of `parts` begins, on a border of what a core reads from memory at once. */
int64_t beginOf(int64_t part, int64_t parts, int64_t size) {
  return part == parts ? size : size * part / parts / 16 * 16;
}

/**
 * report [1 + halves]: the loss, and half the sum of squares of each gradient
 * limits [3]: the longest norm (0: any), the largest number (0: any), λ of weight decay
 * scalars: those of the rule; then N variables, the slots of each (all first ones, then all second ones),
 * the gradients in the order of the variables, each whole or in pieces of its numbers one after the other; and
 * whatever else has to be computed before a variable may change, which is not read.
 *
 * Nothing is touched where loss or norm is not finite. All parts decide that by the same numbers.
 */
void compute(void* state, TF_OpKernelContext* context) {
  const auto& [rule, part, parts, variables, pieces] = *static_cast<Attributes*>(state);
  Call call(context);
  float* done = call.output(0, {});
  TF_Tensor* report = call.tensor(0);
  const float* limits = call.input(1, 3);
  const float* scalars = call.input(2, SCALARS[rule]);
  if (!call.ok()) return;
  *done = 0;

  const float* reported = static_cast<const float*>(TF_TensorData(report));
  double squares = 0;
  for (int64_t i = 1; i < TF_TensorElementCount(report); i++) squares += 2.0 * reported[i];
  const double norm = std::sqrt(squares);
  if (!std::isfinite(reported[0]) || !std::isfinite(norm)) return;

  const bool tooLong = limits[0] > 0 && norm > limits[0];
  const float scale = tooLong ? static_cast<float>(limits[0] / norm) : 1;
  const float limit = limits[1] > 0 ? limits[1] : std::numeric_limits<float>::infinity();

  // First all inputs, then the numbers: where one is not what it should be, no variable has changed.
  const int first = 3, slots = SLOTS[rule];
  const int64_t firstGradient = first + (1 + slots) * variables;
  int64_t gradient = 0;
  std::vector<UpdateRange> ranges;
  for (int64_t i = 0; i < variables; i++) {
    TF_Tensor* variable = call.tensor(static_cast<int>(first + i));
    if (variable == nullptr) return;
    const int64_t size = TF_TensorElementCount(variable);
    const auto numbers = [&](int64_t group) {
      return call.input(static_cast<int>(first + group * variables + i), size);
    };
    float* of[3] = {static_cast<float*>(TF_TensorData(variable)), nullptr, nullptr};
    for (int slot = 0; slot < slots; slot++) of[1 + slot] = numbers(1 + slot);
    if (!call.ok()) return;
    const int64_t begin = beginOf(part, parts, size), end = beginOf(part + 1, parts, size);
    for (int64_t done = 0; done < size; gradient++) {
      TF_Tensor* piece = gradient < pieces ? call.tensor(static_cast<int>(firstGradient + gradient)) : nullptr;
      const int64_t next = piece == nullptr ? size + 1 : done + TF_TensorElementCount(piece);
      if (next > size || next == done) {
        return call.fail("KareninaUpdate: the gradients are not as large as the variables.");
      }
      const int64_t from = done > begin ? done : begin, to = next < end ? next : end;
      if (from < to) {
        const auto at = [from](float* all) { return all == nullptr ? nullptr : all + from; };
        ranges.push_back({to - from,
                          at(of[0]),
                          {at(of[1]), at(of[2])},
                          static_cast<float*>(TF_TensorData(piece)) + (from - done),
                          scale,
                          limit,
                          limits[2],
                          scalars});
      }
      done = next;
    }
  }
  if (!call.ok()) return;
  for (const UpdateRange& range : ranges) kernels().updates[rule](range);
  *done = 1;
}

}  // namespace

void registerUpdate(TF_Status* status) {
  registerOperation({"KareninaUpdate",
                     {"rule: int", "part: int", "parts: int", "N: int >= 1", "slots: int >= 0",
                      "pieces: int >= 1", "others: int >= 0"},
                     {"report: float", "limits: float", "scalars: float", "values: N * float",
                      "kept: slots * float", "gradients: pieces * float", "after: others * float"},
                     {"done: float"},
                     true,
                     createAttributes<Attributes>,
                     compute,
                     destroyAttributes<Attributes>},
                    status);
}

}  // namespace karenina
