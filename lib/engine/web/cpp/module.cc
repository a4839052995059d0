// The WebAssembly module: no library, nothing imported but a memory, which JavaScript fills. It is compiled once
// for each set of instructions, with VARIANT as its name. Threads are instances of it on one memory, each with a
// stack of its own: nothing here may keep what changes in a variable outside of functions.
#include "cells.h"
#include "crossEntropy.h"
#include "layers.h"
#include "recurrent.h"
#include "transformer.h"
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

/** What has no parts is computed whole by the first. */
void run(const Instruction& instruction, const Part& part, Step& step, float* scratch) {
  const bool alone = part.place == 0;
  switch (instruction.operation) {
    case FILL: return fill(as<Fill>(instruction), part);
    case LOOK_UP: return lookUp(as<LookUp>(instruction), part);
    case SUM_BY_INDEX: return sumByIndex(as<SumByIndex>(instruction), part);
    case PRODUCT: return product(as<Product>(instruction), part, scratch);
    case SUM_ROWS: return sumRows(as<SumRows>(instruction), part);
    case DENSE: return dense(as<Dense>(instruction), part, scratch);
    case ACTIVATION_SLOPE: return activationSlope(as<ActivationSlope>(instruction), part);
    case DROPOUT: return dropout(as<Dropout>(instruction), part);
    case MULTIPLY: return multiply(as<Pairwise>(instruction), part);
    case ADD: return add(as<Pairwise>(instruction), part);
    case LSTM:
    case LSTM_SLOPES: return lstm(as<Lstm>(instruction), instruction.operation == LSTM_SLOPES, part, scratch);
    case SIMPLE_RNN:
    case SIMPLE_RNN_SLOPES: {
      return simpleRnn(as<SimpleRnn>(instruction), instruction.operation == SIMPLE_RNN_SLOPES, part, scratch);
    }
    case GRU:
    case GRU_SLOPES: return gru(as<Gru>(instruction), instruction.operation == GRU_SLOPES, part, scratch);
    case COLUMNS: return columns(as<Columns>(instruction), part);
    case FEW_ROWS: return addFewRows(as<FewRows>(instruction), part);
    case LSTM_CELL: return alone ? lstmCell(as<Cell>(instruction)) : void();
    case SIMPLE_RNN_CELL: return alone ? simpleRnnCell(as<Cell>(instruction)) : void();
    case CROSS_ENTROPY: {
      if (!alone) return;
      const auto& o = as<CrossEntropy>(instruction);
      step.loss += crossEntropy(o.rows, o.V, o.logits, o.labels, o.shares, o.eachItsOwn != 0, o.slopes);
      return;
    }
    case SQUARES: {
      if (!alone) return;
      const auto& [size, gradient] = as<Squares>(instruction);
      step.squares += sumOfSquares(size, gradient);
      return;
    }
    case DECIDE: return alone ? decide(step) : void();
    case NORM: return norm(as<NormRows>(instruction), part);
    case NORM_SLOPES: return normSlopes(as<NormSlopes>(instruction), part);
    case GELU:
    case GELU_SLOPES: return gelu(as<GeluNumbers>(instruction), instruction.operation == GELU_SLOPES, part);
    case ATTENTION:
    case ATTENTION_SLOPES: {
      return attention(as<AttentionHeads>(instruction), instruction.operation == ATTENTION_SLOPES, part, scratch);
    }
    case ATTEND_STEP: return attendSteps(as<AttendStep>(instruction), part, scratch);
    case UPDATE: return update(as<Update>(instruction), step, part);
  }
}

}  // namespace

/** One part of `parts` of each of `count` instructions. */
EXPORT("run") void runAll(const Instruction* instructions, int32_t count, Step* step, float* scratch, int32_t part,
                          int32_t parts) {
  for (int32_t i = 0; i < count; i++) run(instructions[i], {part, parts}, *step, scratch);
}

/** How many numbers of scratch they need. */
EXPORT("productScratch") int32_t scratchOfProduct(int32_t M, int32_t N, int32_t K) {
  return static_cast<int32_t>(productScratch(M, N, K));
}
EXPORT("lstmScratch") int32_t scratchOfLstm(int32_t T, int32_t N, int32_t H) {
  return static_cast<int32_t>(lstmScratch({T, N, H, N}));
}
EXPORT("simpleRnnScratch") int32_t scratchOfSimpleRnn(int32_t N, int32_t H) {
  return static_cast<int32_t>(simpleRnnScratch(N, H));
}
EXPORT("gruScratch") int32_t scratchOfGru(int32_t N, int32_t H) {
  return static_cast<int32_t>(gruScratch(N, H));
}
EXPORT("attentionScratch") int32_t scratchOfAttention(int32_t T, int32_t d) {
  return static_cast<int32_t>(attentionScratch(T, d));
}
