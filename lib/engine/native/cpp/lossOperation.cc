// KareninaCrossEntropy: softmax, the loss of labels, and its gradient.
#include "call.h"
#include "kernels.h"
#include "operations.h"

namespace karenina {
namespace {

/** logits [R, V], classes int32 [R], shares [] or [R]: the sum of shares times losses, its gradient [R, V]. */
void compute(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor *logits = call.tensor(0), *labels = call.tensor(1), *shares = call.tensor(2);
  if (!call.ok()) return;
  const int64_t rows = TF_TensorElementCount(labels), count = TF_TensorElementCount(shares);
  const int64_t size = TF_TensorElementCount(logits);
  if (rows == 0 || size == 0 || size % rows != 0 || (count != 1 && count != rows)) {
    return call.fail("KareninaCrossEntropy: sizes that do not fit.");
  }
  const int64_t V = size / rows;
  const auto* classes = static_cast<const int32_t*>(TF_TensorData(labels));
  for (int64_t r = 0; r < rows; r++) {
    if (classes[r] < 0 || classes[r] >= V) return call.fail("KareninaCrossEntropy: a label without a logit.");
  }
  float* loss = call.output(0, {});
  float* slopes = call.output(1, {rows, V});
  if (!call.ok()) return;
  *loss = static_cast<float>(kernels().crossEntropy(
      rows, V, static_cast<const float*>(TF_TensorData(logits)), classes,
      static_cast<const float*>(TF_TensorData(shares)), count > 1, slopes));
}

}  // namespace

void registerLoss(TF_Status* status) {
  registerOperation({"KareninaCrossEntropy",
                     {},
                     {"logits: float", "classes: int32", "shares: float"},
                     {"loss: float", "slopes: float"},
                     false,
                     nullptr,
                     compute,
                     nullptr},
                    status);
}

}  // namespace karenina
