// KareninaGru and KareninaGruGrad: a sequence through a gated recurrent unit, and the chain rule through it.
#include "call.h"
#include "kernels.h"
#include "operations.h"
#include "scratch.h"
#include "sequences.h"

namespace karenina {
namespace {

struct Attributes {
  /** 1 where the reset gate acts after the product with h, else 0. */
  int64_t resetAfter;

  void read(Construction& reading) { resetAfter = reading.integer("reset_after", 0, 2); }
};

Gru gruOf(const SequenceSizes& sizes, void* attributes) {
  Gru of = {};
  of.T = static_cast<int32_t>(sizes.T);
  of.N = static_cast<int32_t>(sizes.N);
  of.H = static_cast<int32_t>(sizes.H);
  of.apart = static_cast<int32_t>(sizes.apart);
  of.resetAfter = static_cast<int32_t>(static_cast<Attributes*>(attributes)->resetAfter);
  return of;
}

/** z [T, N, 3 H] = x W, h0 [N, H], U [H, 3 H], bias: h, inner [T, N, H], gates [T, N, 3 H], see gru.h. */
void forward(void* attributes, TF_OpKernelContext* context) {
  Call call(context);
  SequenceSizes sizes;
  if (!sizesOf(call, 0, 3, &sizes)) return;
  const auto& [T, N, H, apart] = sizes;
  const float* z = call.input(0);
  Gru of = gruOf(sizes, attributes);
  of.h0 = call.input(1, N * H);
  of.recurrentKernel = call.input(2, 3 * H * H);
  of.bias = call.input(3, of.resetAfter ? 6 * H : 3 * H);
  of.h = call.output(0, {T, N, H});
  of.inner = call.output(1, {T, N, H});
  of.gates = call.output(2, {T, N, 3 * H});
  float* scratch = call.ok() ? scratchFor(call, kernels().gruScratch(N, H)) : nullptr;
  if (!call.ok()) return;
  copyNumbers(z, 3 * T * N * H, of.gates);
  kernels().gruForward(of, scratch);
}

/**
 * h0, U, h, inner, gates as above, and the gradients by h, [T, N, H], and by the last h, [N, H], each with none
 * of its numbers where there is none: the gradients by x W, [T, N, 3 H], by h U with the reset gate after it,
 * of the same shape, else without numbers, and by the bias.
 */
void backward(void* attributes, TF_OpKernelContext* context) {
  Call call(context);
  SequenceSizes sizes;
  if (!sizesOf(call, 2, 1, &sizes)) return;
  const auto& [T, N, H, apart] = sizes;
  Gru of = gruOf(sizes, attributes);
  of.h0 = call.input(0, N * H);
  of.recurrentKernel = call.input(1, 3 * H * H);
  of.h = call.input(2);
  of.inner = call.input(3, T * N * H);
  const float* gates = call.input(4, 3 * T * N * H);
  of.sequence = call.inputOrNone(5, T * N * H);
  of.final = call.inputOrNone(6, N * H);
  of.gates = call.output(0, {T, N, 3 * H});
  float* byState = call.output(1, {of.resetAfter ? T : 0, N, 3 * H});
  of.slopes = of.resetAfter ? byState : of.gates;
  of.biasGradient = of.resetAfter ? call.output(2, {2, 3 * H}) : call.output(2, {3 * H});
  float* scratch = call.ok() ? scratchFor(call, kernels().gruScratch(N, H)) : nullptr;
  if (!call.ok()) return;
  copyNumbers(gates, 3 * T * N * H, of.gates);
  kernels().gruBackward(of, scratch);
}

}  // namespace

void registerGru(TF_Status* status) {
  registerOperation({"KareninaGru",
                     {"reset_after: int"},
                     {"z: float", "h0: float", "u: float", "bias: float"},
                     {"h: float", "inner: float", "gates: float"},
                     false,
                     createAttributes<Attributes>,
                     forward,
                     destroyAttributes<Attributes>},
                    status);
  registerOperation({"KareninaGruGrad",
                     {"reset_after: int"},
                     {"h0: float", "u: float", "h: float", "inner: float", "gates: float",
                      "dsequence: float", "dfinal: float"},
                     {"dz: float", "dstate: float", "dbias: float"},
                     false,
                     createAttributes<Attributes>,
                     backward,
                     destroyAttributes<Attributes>},
                    status);
}

}  // namespace karenina
