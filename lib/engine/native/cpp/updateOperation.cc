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
  int64_t rule, part, parts, variables;
};

void* create(TF_OpKernelConstruction* construction) {
  auto* attributes = new Attributes();
  TF_Status* status = TF_NewStatus();
  const auto read = [&](const char* name, int64_t* value) {
    if (TF_GetCode(status) == TF_OK) {
      TF_OpKernelConstruction_GetAttrInt64(construction, name, value, status);
    }
  };
  read("rule", &attributes->rule);
  read("part", &attributes->part);
  read("parts", &attributes->parts);
  read("N", &attributes->variables);
  const auto& [rule, part, parts, variables] = *attributes;
  if (TF_GetCode(status) == TF_OK && (rule < 0 || rule >= RULES || part < 0 || part >= parts)) {
    TF_SetStatus(status, TF_INVALID_ARGUMENT, "KareninaUpdate: no such rule or part.");
  }
  if (TF_GetCode(status) != TF_OK) TF_OpKernelConstruction_Failure(construction, status);
  TF_DeleteStatus(status);
  return attributes;
}

void destroy(void* attributes) { delete static_cast<Attributes*>(attributes); }

/** Where part `part` of `parts` begins, on a border of what a core reads from memory at once. */
int64_t beginOf(int64_t part, int64_t parts, int64_t size) {
  return part == parts ? size : size * part / parts / 16 * 16;
}

/**
 * report [1 + halves]: the loss, and half the sum of squares of each gradient
 * limits [3]: the longest norm (0: any), the largest number (0: any), λ of weight decay
 * scalars: those of the rule; then N variables, the slots of each (all first ones, then all second ones),
 * N gradients; and whatever else has to be computed before a variable may change, which is not read.
 *
 * Nothing is touched where loss or norm is not finite. All parts decide that by the same numbers.
 */
void compute(void* state, TF_OpKernelContext* context) {
  const auto& [rule, part, parts, variables] = *static_cast<Attributes*>(state);
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
  std::vector<UpdateRange> ranges;
  for (int64_t i = 0; i < variables; i++) {
    TF_Tensor* variable = call.tensor(static_cast<int>(first + i));
    if (variable == nullptr) return;
    const int64_t size = TF_TensorElementCount(variable);
    const int64_t begin = beginOf(part, parts, size);
    const auto numbers = [&](int64_t group) -> float* {
      float* all = call.input(static_cast<int>(first + group * variables + i), size);
      return all == nullptr ? nullptr : all + begin;
    };
    UpdateRange range = {beginOf(part + 1, parts, size) - begin,
                         static_cast<float*>(TF_TensorData(variable)) + begin,
                         {nullptr, nullptr},
                         numbers(1 + slots),
                         scale,
                         limit,
                         limits[2],
                         scalars};
    for (int slot = 0; slot < slots; slot++) range.slots[slot] = numbers(1 + slot);
    ranges.push_back(range);
  }
  if (!call.ok()) return;
  for (const UpdateRange& range : ranges) kernels().updates[rule](range);
  *done = 1;
}

}  // namespace

void registerUpdate(TF_Status* status) {
  registerOperation({"KareninaUpdate",
                     {"rule: int", "part: int", "parts: int", "N: int >= 1", "slots: int >= 0",
                      "others: int >= 0"},
                     {"report: float", "limits: float", "scalars: float", "values: N * float",
                      "kept: slots * float", "gradients: N * float", "after: others * float"},
                     {"done: float"},
                     true,
                     create,
                     compute,
                     destroy},
                    status);
}

}  // namespace karenina
