// KareninaAttention and KareninaAttentionGrad: causal attention of all heads, and the chain rule through it.
#include "call.h"
#include "kernels.h"
#include "operations.h"
#include "scratch.h"

namespace karenina {
namespace {

struct Attributes {
  int64_t heads, sequences;

  void read(Construction& reading) {
    heads = reading.integer("heads", 1);
    sequences = reading.integer("sequences", 1);
  }
};

/**
 * qkv [T N, 3 D], and the cosines and sines [T, d] of rotary positions, or without numbers; false, after a
 * failure, where sizes do not fit.
 */
bool attentionOf(Call& call, void* state, Attention* of) {
  const auto& [heads, N] = *static_cast<Attributes*>(state);
  TF_Tensor* qkv = call.tensor(0);
  if (qkv == nullptr) return false;
  const bool fits = TF_NumDims(qkv) == 2 && TF_Dim(qkv, 0) % N == 0 && TF_Dim(qkv, 1) % (3 * heads) == 0;
  if (!fits) {
    call.fail("Karenina's attention: sizes that do not fit.");
    return false;
  }
  const int64_t T = TF_Dim(qkv, 0) / N, d = TF_Dim(qkv, 1) / (3 * heads);
  *of = {N, T, heads, d, static_cast<const float*>(TF_TensorData(qkv)), call.inputOrNone(1, T * d),
         call.inputOrNone(2, T * d), nullptr, nullptr};
  if (call.ok() && (of->cosines == nullptr) != (of->sines == nullptr)) {
    call.fail("Karenina's attention: cosines without sines, or the other way round.");
  }
  return call.ok();
}

/** The above: y [T N, D] and the weights [N, heads, T, T]. */
void forward(void* state, TF_OpKernelContext* context) {
  Call call(context);
  Attention of;
  if (!attentionOf(call, state, &of)) return;
  of.y = call.output(0, {of.T * of.N, of.heads * of.d});
  of.weights = call.output(1, {of.N, of.heads, of.T, of.T});
  float* scratch = call.ok() ? scratchFor(call, kernels().attentionScratch(of.T, of.d)) : nullptr;
  if (call.ok()) kernels().attentionForward(of, scratch);
}

/** The above, y, the weights and dy: the gradient by qkv. */
void backward(void* state, TF_OpKernelContext* context) {
  Call call(context);
  Attention of;
  if (!attentionOf(call, state, &of)) return;
  const int64_t size = of.T * of.N * of.heads * of.d;
  of.y = call.input(3, size);
  of.weights = call.input(4, of.N * of.heads * of.T * of.T);
  const AttentionGradients by = {call.input(5, size), call.output(0, {of.T * of.N, 3 * of.heads * of.d})};
  float* scratch = call.ok() ? scratchFor(call, kernels().attentionScratch(of.T, of.d)) : nullptr;
  if (call.ok()) kernels().attentionBackward(of, by, scratch);
}

}  // namespace

void registerAttention(TF_Status* status) {
  registerOperation({"KareninaAttention",
                     {"heads: int", "sequences: int"},
                     {"qkv: float", "cosines: float", "sines: float"},
                     {"y: float", "weights: float"},
                     false,
                     createAttributes<Attributes>,
                     forward,
                     destroyAttributes<Attributes>},
                    status);
  registerOperation({"KareninaAttentionGrad",
                     {"heads: int", "sequences: int"},
                     {"qkv: float", "cosines: float", "sines: float", "y: float", "weights: float", "dy: float"},
                     {"dqkv: float"},
                     false,
                     createAttributes<Attributes>,
                     backward,
                     destroyAttributes<Attributes>},
                    status);
}

}  // namespace karenina
