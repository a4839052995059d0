// An operation while it is made and while it runs: its attributes, its inputs and outputs, what went wrong.
#pragma once
#include <initializer_list>
#include <limits>
#include <vector>

#include "tensorflow.h"

namespace karenina {

/** The attributes of an operation that is being made; what is wrong with one fails the making. */
class Construction {
 public:
  explicit Construction(TF_OpKernelConstruction* construction)
      : construction_(construction), status_(TF_NewStatus()) {}

  ~Construction() {
    if (TF_GetCode(status_) != TF_OK) TF_OpKernelConstruction_Failure(construction_, status_);
    TF_DeleteStatus(status_);
  }

  Construction(const Construction&) = delete;
  Construction& operator=(const Construction&) = delete;

  /** An attribute that has to be at least `least` and below `end`. */
  int64_t integer(const char* name, int64_t least, int64_t end = std::numeric_limits<int64_t>::max()) {
    int64_t value = least;
    if (TF_GetCode(status_) == TF_OK) {
      TF_OpKernelConstruction_GetAttrInt64(construction_, name, &value, status_);
    }
    if (TF_GetCode(status_) == TF_OK && (value < least || value >= end)) {
      TF_SetStatus(status_, TF_INVALID_ARGUMENT, "An attribute of one of Karenina's operations is out of range.");
    }
    return value;
  }

  float number(const char* name) {
    float value = 0;
    if (TF_GetCode(status_) == TF_OK) {
      TF_OpKernelConstruction_GetAttrFloat(construction_, name, &value, status_);
    }
    return value;
  }

 private:
  TF_OpKernelConstruction* construction_;
  TF_Status* status_;
};

/** Makes what an operation keeps of its attributes, a structure that has them read by its function `read`. */
template <class Attributes>
void* createAttributes(TF_OpKernelConstruction* construction) {
  auto* attributes = new Attributes();
  Construction reading(construction);
  attributes->read(reading);
  return attributes;
}

template <class Attributes>
void destroyAttributes(void* attributes) {
  delete static_cast<Attributes*>(attributes);
}

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

  /** The same, or null where the input has no numbers. */
  float* inputOrNone(int place, int64_t count) {
    TF_Tensor* given = tensor(place);
    return given == nullptr || TF_TensorElementCount(given) == 0 ? nullptr : input(place, count);
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

/** What a kernel changes in place is an output, which begins as a copy of an input: that is nobody's own. */
inline void copyNumbers(const float* from, int64_t count, float* to) {
  for (int64_t k = 0; k < count; k++) to[k] = from[k];
}

}  // namespace karenina
