// What the operations of recurrent layers have in common.
#pragma once
#include "call.h"
#include "kernels.h"

namespace karenina {

/** The sizes of an input [T, N, parts H]; false, after a failure, where it is of another shape. */
inline bool sizesOf(Call& call, int place, int64_t parts, SequenceSizes* sizes) {
  TF_Tensor* tensor = call.tensor(place);
  if (tensor == nullptr) return false;
  if (TF_NumDims(tensor) != 3 || TF_Dim(tensor, 2) % parts != 0) {
    call.fail("A recurrent layer of Karenina's wants its steps as [T, N, width].");
    return false;
  }
  const int64_t N = TF_Dim(tensor, 1);
  *sizes = {TF_Dim(tensor, 0), N, TF_Dim(tensor, 2) / parts, N};
  return true;
}

}  // namespace karenina
