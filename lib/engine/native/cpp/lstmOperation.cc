// KareninaLstm and KareninaLstmGrad: a sequence through an LSTM, and the chain rule through it.
#include "call.h"
#include "kernels.h"
#include "operations.h"
#include "scratch.h"

namespace karenina {
namespace {

/** [T, N, width] of a tensor. */
bool sizesOf(Call& call, TF_Tensor* tensor, int64_t parts, LstmSizes* sizes) {
  if (TF_NumDims(tensor) != 3 || TF_Dim(tensor, 2) % parts != 0) {
    call.fail("An LSTM of Karenina's wants its steps as [T, N, width].");
    return false;
  }
  *sizes = {TF_Dim(tensor, 0), TF_Dim(tensor, 1), TF_Dim(tensor, 2) / parts};
  return true;
}

/** z [T, N, 4 H] = x W, h0, c0 [N, H], U [H, 4 H], bias [4 H]: h, c, tanh c [T, N, H], gates [T, N, 4 H]. */
void forward(void*, TF_OpKernelContext* context) {
  Call call(context);
  LstmSizes sizes;
  TF_Tensor* z = call.tensor(0);
  if (z == nullptr || !sizesOf(call, z, 4, &sizes)) return;
  const auto& [T, N, H] = sizes;
  const float* given = static_cast<const float*>(TF_TensorData(z));
  const LstmInputs inputs = {call.input(1, N * H), call.input(2, N * H), call.input(3, 4 * H * H),
                             call.input(4, 4 * H)};
  const LstmSteps steps = {call.output(0, {T, N, H}), call.output(1, {T, N, H}),
                           call.output(2, {T, N, H}), call.output(3, {T, N, 4 * H})};
  float* scratch = call.ok() ? scratchFor(call, kernels().lstmScratch(sizes)) : nullptr;
  if (!call.ok()) return;
  for (int64_t k = 0; k < 4 * T * N * H; k++) steps.gates[k] = given[k];
  kernels().lstmForward(sizes, inputs, steps, scratch);
}

/**
 * c0, U, c, tanh c, gates as above, and the gradients by h, [T, N, H], and by the last h, [N, H], each with
 * none of its numbers where there is none: the gradients by z, [T, N, 4 H], and by the bias, [4 H].
 */
void backward(void*, TF_OpKernelContext* context) {
  Call call(context);
  LstmSizes sizes;
  TF_Tensor* c = call.tensor(2);
  if (c == nullptr || !sizesOf(call, c, 1, &sizes)) return;
  const auto& [T, N, H] = sizes;
  const LstmInputs inputs = {nullptr, call.input(0, N * H), call.input(1, 4 * H * H), nullptr};
  const LstmSteps steps = {nullptr, static_cast<float*>(TF_TensorData(c)),
                           call.input(3, T * N * H), call.input(4, 4 * T * N * H)};
  const auto orNone = [&call](int place, int64_t count) -> const float* {
    TF_Tensor* tensor = call.tensor(place);
    if (tensor == nullptr || TF_TensorElementCount(tensor) == 0) return nullptr;
    return call.input(place, count);
  };
  const LstmGradients gradients = {orNone(5, T * N * H), orNone(6, N * H),
                                   call.output(0, {T, N, 4 * H}), call.output(1, {4 * H})};
  float* scratch = call.ok() ? scratchFor(call, kernels().lstmScratch(sizes)) : nullptr;
  if (!call.ok()) return;
  kernels().lstmBackward(sizes, inputs, steps, gradients, scratch);
}

}  // namespace

void registerLstm(TF_Status* status) {
  registerOperation({"KareninaLstm",
                     {},
                     {"z: float", "h0: float", "c0: float", "u: float", "bias: float"},
                     {"h: float", "c: float", "tanhc: float", "gates: float"},
                     false,
                     nullptr,
                     forward,
                     nullptr},
                    status);
  registerOperation({"KareninaLstmGrad",
                     {},
                     {"c0: float", "u: float", "c: float", "tanhc: float", "gates: float",
                      "dsequence: float", "dfinal: float"},
                     {"dz: float", "dbias: float"},
                     false,
                     nullptr,
                     backward,
                     nullptr},
                    status);
}

}  // namespace karenina
