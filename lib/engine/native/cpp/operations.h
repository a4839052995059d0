// The operations, and what registering each of them has in common.
#pragma once
#include <initializer_list>

#include "tensorflow.h"

namespace karenina {

/** An operation as TensorFlow learns it; inputs and outputs in the words of its definitions. */
struct Operation {
  const char* name;
  std::initializer_list<const char*> attributes, inputs, outputs;
  /** Whether it does more than compute its outputs: then TensorFlow neither leaves it out nor joins two. */
  bool stateful;
  void* (*create)(TF_OpKernelConstruction*);
  void (*compute)(void*, TF_OpKernelContext*);
  void (*destroy)(void*);
};

void registerOperation(const Operation& operation, TF_Status* status);

void registerUpdate(TF_Status* status);
void registerLstm(TF_Status* status);
void registerGru(TF_Status* status);
void registerSimpleRnn(TF_Status* status);
void registerNorm(TF_Status* status);
void registerGelu(TF_Status* status);
void registerAttention(TF_Status* status);
void registerProducts(TF_Status* status);
void registerLoss(TF_Status* status);

}  // namespace karenina
