// A training step as a list of instructions, which run() goes through in one call.
//
// ../program.ts writes it. Its numbers are those of the structures below in their order: addresses in the
// module's memory, sizes, and numbers of float32, 32 bits each. SimpleRnn and Gru stand in kernels.h. parts.h says
// how threads share an instruction.
#pragma once
#include "kernels.h"

namespace karenina {

enum Operation : int32_t {
  FILL,
  LOOK_UP,
  SUM_BY_INDEX,
  PRODUCT,
  SUM_ROWS,
  DENSE,
  ACTIVATION_SLOPE,
  DROPOUT,
  MULTIPLY,
  ADD,
  LSTM,
  LSTM_SLOPES,
  SIMPLE_RNN,
  SIMPLE_RNN_SLOPES,
  GRU,
  GRU_SLOPES,
  COLUMNS,
  FEW_ROWS,
  LSTM_CELL,
  SIMPLE_RNN_CELL,
  CROSS_ENTROPY,
  SQUARES,
  DECIDE,
  UPDATE,
  NORM,
  NORM_SLOPES,
  GELU,
  GELU_SLOPES,
  ATTENTION,
  ATTENTION_SLOPES,
  ATTEND_STEP,
};

struct Instruction {
  Operation operation;
  int32_t arguments[15];
};

/** What a step reads besides its instructions, and what it says of itself. */
struct Step {
  /** The batch's mean loss, the sum of the squares of all gradients, and its root. */
  double loss, squares, norm;
  /** The longest norm (0: any), the largest number (0: any), λ of weight decay. */
  float clipNorm, clipValue, decay;
  /** What gradients are multiplied by, and the limit of their numbers after that. */
  float scale, limit;
  /** 1 where loss and norm are finite: else nothing is updated. */
  int32_t isFinite;
  /** Those of the optimizer's rule. */
  float scalars[6];
};

/** Rows [rows, width] that are all the same: `row`, or 0 where that is null. */
struct Fill {
  const float* row;
  int32_t rows, width;
  float* to;
};

/** The rows of a table [V, width] at indices. */
struct LookUp {
  const float* table;
  const int32_t* indices;
  int32_t rows, width;
  float* to;
};

/** The gradient of that: row v of [V, width] is the sum of the rows with index v. */
struct SumByIndex {
  const float* from;
  const int32_t* indices;
  int32_t rows, width, V;
  float* to;
};

/** C [M, N] = A [M, K] B [K, N], or added to what C holds; A and B by their strides. */
struct Product {
  int32_t M, N, K;
  const float* a;
  int32_t aRow, aColumn;
  const float* b;
  int32_t bRow, bColumn;
  float* c;
  int32_t adds;
};

/** The sum over rows: [rows, width] to [width]. */
struct SumRows {
  const float* from;
  int32_t rows, width;
  float* to;
};

/** y [M, N] = f(x [M, K] W [K, N] + b), f by its number in kernels.h; bias may be null. */
struct Dense {
  int32_t M, N, K;
  const float *x, *kernel, *bias;
  int32_t activation;
  float* y;
};

/** The derivative of f, from its values, times what `slopes` holds, in that. */
struct ActivationSlope {
  int32_t activation, size;
  const float* values;
  float* slopes;
};

/** y = x mask, with a mask of 0 or `scale`: of 65536 numbers `dropped` become 0. */
struct Dropout {
  int32_t size, dropped;
  float scale;
  uint32_t seeds[2];
  const float* from;
  float *mask, *to;
};

/** a *= b, or a += b, number by number. */
struct Pairwise {
  int32_t size;
  float* numbers;
  const float* others;
};

/**
 * As lstmForward and lstmBackward have them; LSTM_SLOPES leaves the gradient by x W in `gates`. No recurrent layer
 * sums that up to the gradient by its bias: SUM_ROWS does, since the rows of a batch are divided among threads.
 */
struct Lstm {
  int32_t T, N, H;
  const float *h0, *c0, *recurrentKernel, *bias;
  float *h, *c, *tanhC, *gates;
  const float *sequence, *final;
};

/** Writes rows [rows, width] to columns of rows that are `toWidth` wide. */
struct Columns {
  const float* from;
  int32_t rows, width;
  float* to;
  int32_t toWidth;
};

/** y [N, M] += x [N, K] W [K, M] for a small N. */
struct FewRows {
  int32_t N, K, M;
  const float *x, *kernel;
  float* y;
};

/** One step of time from the sums of the gates [N, G H] to the next states, in place; c of an LSTM alone. */
struct Cell {
  int32_t N, H;
  const float* sums;
  float *h, *c;
};

/** The cross-entropy of logits [rows, V], and the gradient by them; shares [rows], or one for all. */
struct CrossEntropy {
  int32_t rows, V;
  const float* logits;
  const int32_t* labels;
  const float* shares;
  int32_t eachItsOwn;
  float* slopes;
};

struct Squares {
  int32_t size;
  const float* gradient;
};

/** A step of an optimizer on a variable; null slots where the rule keeps fewer. */
struct Update {
  int32_t rule, size;
  float *value, *first, *second;
  const float* gradient;
};

/** As normForward has it. */
struct NormRows {
  int32_t R, D;
  float epsilon;
  const float *x, *gain, *bias;
  float *y, *normal, *inverse;
};

/** From dy to dx. SUM_ROWS makes the gradients by the weights, since rows are divided among threads. */
struct NormSlopes {
  int32_t R, D;
  const float *dy, *gain, *normal, *inverse;
  float* dx;
};

/** Of x, to y; or times what y holds, in that. */
struct GeluNumbers {
  int32_t size;
  float cubic, linear;
  const float* x;
  float* y;
};

/** As attentionForward and attentionBackward have it. */
struct AttentionHeads {
  int32_t N, T, heads, d;
  const float *qkv, *cosines, *sines;
  float *y, *weights;
  const float* dy;
  float* slopes;
};

/** Of N rows as attendStep has it; qkv [N, 3 D] is written to, and each row's cache has D contextLength numbers. */
struct AttendStep {
  int32_t N, heads, d, contextLength, place;
  float* qkv;
  const float *cosines, *sines;
  float *keys, *values, *y;
};

}  // namespace karenina
