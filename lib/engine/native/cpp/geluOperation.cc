// KareninaGelu and KareninaGeluGrad, number by number.
#include "call.h"
#include "kernels.h"
#include "operations.h"

namespace karenina {
namespace {

struct Attributes {
  float cubic, linear;

  void read(Construction& reading) {
    cubic = reading.number("cubic");
    linear = reading.number("linear");
  }
};

/** x [R, D], and a new [R, D] for what comes of it. */
bool geluOf(Call& call, void* attributes, Gelu* of) {
  TF_Tensor* x = call.tensor(0);
  if (x == nullptr) return false;
  if (TF_NumDims(x) != 2) {
    call.fail("Karenina's GELU wants its numbers as [R, D].");
    return false;
  }
  const auto& [cubic, linear] = *static_cast<Attributes*>(attributes);
  *of = {TF_TensorElementCount(x), cubic, linear, static_cast<const float*>(TF_TensorData(x)),
         call.output(0, {TF_Dim(x, 0), TF_Dim(x, 1)})};
  return call.ok();
}

/** x [R, D]: y [R, D]. */
void forward(void* attributes, TF_OpKernelContext* context) {
  Call call(context);
  Gelu of;
  if (geluOf(call, attributes, &of)) kernels().geluForward(of);
}

/** x and dy [R, D]: dx [R, D]. */
void backward(void* attributes, TF_OpKernelContext* context) {
  Call call(context);
  Gelu of;
  if (!geluOf(call, attributes, &of)) return;
  const float* dy = call.input(1, of.size);
  if (!call.ok()) return;
  copyNumbers(dy, of.size, of.y);
  kernels().geluBackward(of);
}

}  // namespace

void registerGelu(TF_Status* status) {
  registerOperation({"KareninaGelu",
                     {"cubic: float", "linear: float"},
                     {"x: float"},
                     {"y: float"},
                     false,
                     createAttributes<Attributes>,
                     forward,
                     destroyAttributes<Attributes>},
                    status);
  registerOperation({"KareninaGeluGrad",
                     {"cubic: float", "linear: float"},
                     {"x: float", "dy: float"},
                     {"dx: float"},
                     false,
                     createAttributes<Attributes>,
                     backward,
                     destroyAttributes<Attributes>},
                    status);
}

}  // namespace karenina
