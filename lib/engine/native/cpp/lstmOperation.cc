// KareninaLstm and KareninaLstmGrad: a sequence through an LSTM, and the chain rule through it.
#include "call.h"
#include "kernels.h"
#include "operations.h"
#include "scratch.h"
#include "sequences.h"

namespace karenina {
namespace {

/** z [T, N, 4 H] = x W, h0, c0 [N, H], U [H, 4 H], bias [4 H]: h, c, tanh c [T, N, H], gates [T, N, 4 H]. */
void forward(void*, TF_OpKernelContext* context) {
  Call call(context);
  SequenceSizes sizes;
  if (!sizesOf(call, 0, 4, &sizes)) return;
  const auto& [T, N, H, apart] = sizes;
  const float* z = call.input(0);
  const LstmInputs inputs = {call.input(1, N * H), call.input(2, N * H), call.input(3, 4 * H * H),
                             call.input(4, 4 * H)};
  const LstmSteps steps = {call.output(0, {T, N, H}), call.output(1, {T, N, H}),
                           call.output(2, {T, N, H}), call.output(3, {T, N, 4 * H})};
  float* scratch = call.ok() ? scratchFor(call, kernels().lstmScratch(sizes)) : nullptr;
  if (!call.ok()) return;
  copyNumbers(z, 4 * T * N * H, steps.gates);
  kernels().lstmForward(sizes, inputs, steps, scratch);
}

/**
 * c0, U, c, tanh c, gates as above, and the gradients by h, [T, N, H], and by the last h, [N, H], each with
 * none of its numbers where there is none: the gradients by z, [T, N, 4 H], and by the bias, [4 H].
 */
void backward(void*, TF_OpKernelContext* context) {
  Call call(context);
  SequenceSizes sizes;
  if (!sizesOf(call, 2, 1, &sizes)) return;
  const auto& [T, N, H, apart] = sizes;
  const LstmInputs inputs = {nullptr, call.input(0, N * H), call.input(1, 4 * H * H), nullptr};
  const LstmSteps steps = {nullptr, call.input(2), call.input(3, T * N * H),
                           call.input(4, 4 * T * N * H)};
  const LstmGradients gradients = {call.inputOrNone(5, T * N * H), call.inputOrNone(6, N * H),
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
