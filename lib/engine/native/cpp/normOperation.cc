// KareninaNorm and KareninaNormGrad: layer normalisation of rows, and the chain rule through it.
#include "call.h"
#include "kernels.h"
#include "operations.h"

namespace karenina {
namespace {

struct Attributes {
  float epsilon;

  void read(Construction& reading) { epsilon = reading.number("epsilon"); }
};

/** The sizes of a matrix [R, D]; false, after a failure, where an input is none. */
bool rowsOf(Call& call, int place, int64_t* R, int64_t* D) {
  TF_Tensor* tensor = call.tensor(place);
  if (tensor == nullptr) return false;
  if (TF_NumDims(tensor) != 2) {
    call.fail("Karenina's layer normalisation wants its rows as [R, D].");
    return false;
  }
  *R = TF_Dim(tensor, 0);
  *D = TF_Dim(tensor, 1);
  return true;
}

/** x [R, D], gain, bias [D]: y and the normalised rows [R, D], and what each was multiplied by, [R]. */
void forward(void* attributes, TF_OpKernelContext* context) {
  Call call(context);
  Norm of = {};
  if (!rowsOf(call, 0, &of.R, &of.D)) return;
  of.epsilon = static_cast<Attributes*>(attributes)->epsilon;
  of.x = call.input(0);
  of.gain = call.input(1, of.D);
  of.bias = call.input(2, of.D);
  of.y = call.output(0, {of.R, of.D});
  of.normal = call.output(1, {of.R, of.D});
  of.inverse = call.output(2, {of.R});
  if (call.ok()) kernels().normForward(of);
}

/** dy [R, D], gain, and the last two results of forward: the gradients by x, gain and bias. */
void backward(void*, TF_OpKernelContext* context) {
  Call call(context);
  NormGradients of = {};
  if (!rowsOf(call, 0, &of.R, &of.D)) return;
  of.dy = call.input(0);
  of.gain = call.input(1, of.D);
  of.normal = call.input(2, of.R * of.D);
  of.inverse = call.input(3, of.R);
  of.dx = call.output(0, {of.R, of.D});
  of.byGain = call.output(1, {of.D});
  of.byBias = call.output(2, {of.D});
  if (call.ok()) kernels().normBackward(of);
}

}  // namespace

void registerNorm(TF_Status* status) {
  registerOperation({"KareninaNorm",
                     {"epsilon: float"},
                     {"x: float", "gain: float", "bias: float"},
                     {"y: float", "normal: float", "inverse: float"},
                     false,
                     createAttributes<Attributes>,
                     forward,
                     destroyAttributes<Attributes>},
                    status);
  registerOperation({"KareninaNormGrad",
                     {},
                     {"dy: float", "gain: float", "normal: float", "inverse: float"},
                     {"dx: float", "dgain: float", "dbias: float"},
                     false,
                     nullptr,
                     backward,
                     nullptr},
                    status);
}

}  // namespace karenina
