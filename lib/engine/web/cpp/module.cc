// The WebAssembly module: no library, no imports, one memory that JavaScript fills. It is compiled once for
// each set of instructions, with VARIANT as its name.
#include "cells.h"
#include "crossEntropy.h"
#include "gru.h"
#include "layers.h"
#include "lstm.h"
#include "simpleRnn.h"
#include "update.h"

#define EXPORT(name) extern "C" __attribute__((export_name(name), used))

using namespace karenina;
using namespace karenina::VARIANT;

namespace {

template <class Arguments>
const Arguments& as(const Instruction& instruction) {
  static_assert(sizeof(Arguments) <= sizeof(instruction.arguments));
  return *reinterpret_cast<const Arguments*>(instruction.arguments);
}

void run(const Instruction& instruction, Step& step, float* scratch) {
  switch (instruction.operation) {
    case FILL: return fill(as<Fill>(instruction));
    case LOOK_UP: return lookUp(as<LookUp>(instruction));
    case SUM_BY_INDEX: return sumByIndex(as<SumByIndex>(instruction));
    case PRODUCT: {
      const auto& [M, N, K, a, aRow, aColumn, b, bRow, bColumn, c, adds] = as<Product>(instruction);
      return product(M, N, K, {a, aRow, aColumn}, {b, bRow, bColumn}, c, adds != 0, scratch);
    }
    case SUM_ROWS: return sumRows(as<SumRows>(instruction));
    case DENSE: {
      const auto& [M, N, K, x, kernel, bias, activation, y] = as<Dense>(instruction);
      return denseForward({M, N, K}, x, kernel, bias, activation, y, scratch);
    }
    case ACTIVATION_SLOPE: return activationSlope(as<ActivationSlope>(instruction));
    case DROPOUT: return dropout(as<Dropout>(instruction));
    case MULTIPLY: return multiply(as<Pairwise>(instruction));
    case ADD: return add(as<Pairwise>(instruction));
    case LSTM:
    case LSTM_SLOPES: {
      const auto& o = as<Lstm>(instruction);
      const SequenceSizes sizes = {o.T, o.N, o.H};
      const LstmInputs inputs = {o.h0, o.c0, o.recurrentKernel, o.bias};
      const LstmSteps steps = {o.h, o.c, o.tanhC, o.gates};
      if (instruction.operation == LSTM) return lstmForward(sizes, inputs, steps, scratch);
      return lstmBackward(sizes, inputs, steps, {o.sequence, o.final, o.gates, o.biasGradient}, scratch);
    }
    case SIMPLE_RNN: return simpleRnnForward(as<SimpleRnn>(instruction), scratch);
    case SIMPLE_RNN_SLOPES: return simpleRnnBackward(as<SimpleRnn>(instruction), scratch);
    case GRU: return gruForward(as<Gru>(instruction), scratch);
    case GRU_SLOPES: return gruBackward(as<Gru>(instruction), scratch);
    case COLUMNS: return columns(as<Columns>(instruction));
    case FEW_ROWS: return addFewRows(as<FewRows>(instruction));
    case LSTM_CELL: return lstmCell(as<Cell>(instruction));
    case SIMPLE_RNN_CELL: return simpleRnnCell(as<Cell>(instruction));
    case CROSS_ENTROPY: {
      const auto& o = as<CrossEntropy>(instruction);
      step.loss += crossEntropy(o.rows, o.V, o.logits, o.labels, o.shares, o.eachItsOwn != 0, o.slopes);
      return;
    }
    case SQUARES: {
      const auto& [size, gradient] = as<Squares>(instruction);
      step.squares += sumOfSquares(size, gradient);
      return;
    }
    case DECIDE: return decide(step);
    case UPDATE: return update(as<Update>(instruction), step);
  }
}

}  // namespace

EXPORT("run") void runAll(const Instruction* instructions, int32_t count, Step* step, float* scratch) {
  for (int32_t i = 0; i < count; i++) run(instructions[i], *step, scratch);
}

/** How many numbers of scratch they need. */
EXPORT("productScratch") int32_t scratchOfProduct(int32_t M, int32_t N, int32_t K) {
  return static_cast<int32_t>(productScratch(M, N, K));
}
EXPORT("lstmScratch") int32_t scratchOfLstm(int32_t T, int32_t N, int32_t H) {
  return static_cast<int32_t>(lstmScratch({T, N, H}));
}
EXPORT("simpleRnnScratch") int32_t scratchOfSimpleRnn(int32_t N, int32_t H) {
  return static_cast<int32_t>(simpleRnnScratch(N, H));
}
EXPORT("gruScratch") int32_t scratchOfGru(int32_t N, int32_t H) {
  return static_cast<int32_t>(gruScratch(N, H));
}
