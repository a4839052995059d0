// An operation while it runs: its inputs and outputs, and what went wrong.
#pragma once
#include <initializer_list>
#include <vector>

#include "tensorflow.h"

namespace karenina {

/** The inputs and outputs of one run. Once something has failed, `ok` is false and nothing may be read. */
class Call {
 public:
  explicit Call(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {}

  ~Call() {
    for (TF_Tensor* tensor : tensors_) TF_DeleteTensor(tensor);
    if (!ok()) TF_OpKernelContext_Failure(context_, status_);
    TF_DeleteStatus(status_);
  }

  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  bool ok() const { return TF_GetCode(status_) == TF_OK; }

  void fail(const char* message) { TF_SetStatus(status_, TF_INVALID_ARGUMENT, message); }

  /** Null where it could not be had. */
  TF_Tensor* tensor(int place) {
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, place, &tensor, status_);
    if (tensor != nullptr) tensors_.push_back(tensor);
    return ok() ? tensor : nullptr;
  }

  /** The numbers of an input; fails where there are not `count`, which -1 leaves open. */
  float* input(int place, int64_t count = -1) {
    TF_Tensor* given = tensor(place);
    if (given == nullptr) return nullptr;
    if (count >= 0 && TF_TensorElementCount(given) != count) {
      fail("An input of one of Karenina's operations has another size than the others ask for.");
      return nullptr;
    }
    return static_cast<float*>(TF_TensorData(given));
  }

  /** A new output. */
  float* output(int place, std::initializer_list<int64_t> sizes) {
    size_t bytes = sizeof(float);
    for (int64_t size : sizes) bytes *= static_cast<size_t>(size);
    TF_Tensor* made = TF_AllocateOutput(context_, place, TF_FLOAT, sizes.begin(),
                                        static_cast<int>(sizes.size()), bytes, status_);
    if (made != nullptr) tensors_.push_back(made);
    return ok() ? static_cast<float*>(TF_TensorData(made)) : nullptr;
  }

 private:
  TF_OpKernelContext* context_;
  TF_Status* status_;
  std::vector<TF_Tensor*> tensors_;
};

}  // namespace karenina
