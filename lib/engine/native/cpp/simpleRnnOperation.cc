// KareninaSimpleRnn and KareninaSimpleRnnGrad: a sequence through a simple recurrent layer, and the chain rule
// through it.
#include "call.h"
#include "kernels.h"
#include "operations.h"
#include "scratch.h"
#include "sequences.h"

namespace karenina {
namespace {

SimpleRnn simpleRnnOf(const SequenceSizes& sizes) {
  SimpleRnn of = {};
  of.T = static_cast<int32_t>(sizes.T);
  of.N = static_cast<int32_t>(sizes.N);
  of.H = static_cast<int32_t>(sizes.H);
  of.apart = static_cast<int32_t>(sizes.apart);
  return of;
}

/** z [T, N, H] = x W, h0 [N, H], U [H, H], bias [H]: h [T, N, H]. */
void forward(void*, TF_OpKernelContext* context) {
  Call call(context);
  SequenceSizes sizes;
  if (!sizesOf(call, 0, 1, &sizes)) return;
  const auto& [T, N, H, apart] = sizes;
  const float* z = call.input(0);
  SimpleRnn of = simpleRnnOf(sizes);
  of.h0 = call.input(1, N * H);
  of.recurrentKernel = call.input(2, H * H);
  of.bias = call.input(3, H);
  of.h = call.output(0, {T, N, H});
  float* scratch = call.ok() ? scratchFor(call, kernels().simpleRnnScratch(N, H)) : nullptr;
  if (!call.ok()) return;
  copyNumbers(z, T * N * H, of.h);
  kernels().simpleRnnForward(of, scratch);
}

/**
 * U and h as above, and the gradients by h, [T, N, H], and by the last h, [N, H], each with none of its numbers
 * where there is none: the gradients by z, [T, N, H], and by the bias, [H].
 */
void backward(void*, TF_OpKernelContext* context) {
  Call call(context);
  SequenceSizes sizes;
  if (!sizesOf(call, 1, 1, &sizes)) return;
  const auto& [T, N, H, apart] = sizes;
  SimpleRnn of = simpleRnnOf(sizes);
  of.recurrentKernel = call.input(0, H * H);
  of.h = call.input(1);
  const float* byH = call.inputOrNone(2, T * N * H);
  of.final = call.inputOrNone(3, N * H);
  of.slopes = call.output(0, {T, N, H});
  of.biasGradient = call.output(1, {H});
  float* scratch = call.ok() ? scratchFor(call, kernels().simpleRnnScratch(N, H)) : nullptr;
  if (!call.ok()) return;
  if (byH != nullptr) {
    copyNumbers(byH, T * N * H, of.slopes);
  } else {
    for (int64_t k = 0; k < T * N * H; k++) of.slopes[k] = 0.0f;
  }
  kernels().simpleRnnBackward(of, scratch);
}

}  // namespace

void registerSimpleRnn(TF_Status* status) {
  registerOperation({"KareninaSimpleRnn",
                     {},
                     {"z: float", "h0: float", "u: float", "bias: float"},
                     {"h: float"},
                     false,
                     nullptr,
                     forward,
                     nullptr},
                    status);
  registerOperation({"KareninaSimpleRnnGrad",
                     {},
                     {"u: float", "h: float", "dsequence: float", "dfinal: float"},
                     {"dz: float", "dbias: float"},
                     false,
                     nullptr,
                     backward,
                     nullptr},
                    status);
}

}  // namespace karenina
