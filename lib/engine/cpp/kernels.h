// The loops that do the work, as a table of functions: one table for each instruction set.
#pragma once
#include <stdint.h>

namespace karenina {

/** A range of a variable's numbers, and what moves them. */
struct UpdateRange {
  int64_t size;
  float* value;
  /** Null where the formula keeps fewer. */
  float* slots[2];
  const float* gradient;
  /** What the gradient is multiplied by, the limit of its numbers after that, and λ of weight decay. */
  float scale, limit, decay;
  /** The numbers of the formula, in the order of its UpdateRule. */
  const float* scalars;
};

/** How many formulas there are: sgd, momentum, nesterov, adagrad, adadelta, rmsProp, adam, adamW. */
constexpr int RULES = 8;
/** How many slots each keeps for a variable. */
constexpr int SLOTS[RULES] = {0, 1, 1, 1, 2, 2, 2, 2};
/** How many scalars each reads. */
constexpr int SCALARS[RULES] = {1, 2, 2, 2, 3, 4, 4, 5};

/**
 * Steps of time, rows of the batch, units. Where the rows are some of a larger batch's, `apart` is how many rows
 * lie from one step of time to the next in what has T steps; else N.
 */
struct SequenceSizes {
  int64_t T, N, H, apart;
};

/** What an LSTM begins with, [N, H] each, its recurrent weights [H, 4 H] and its bias [4 H]; gates i, f, g, o. */
struct LstmInputs {
  const float *h0, *c0, *recurrentKernel, *bias;
};

/** What it computes: [T, N, H] each, and the gates [T, N, 4 H], which hold x W when it begins. */
struct LstmSteps {
  float *h, *c, *tanhC, *gates;
};

/**
 * By h, [T, N, H], and by the last h, [N, H], or null; and what comes of them, by x W and by the bias, which is
 * null where nobody asks.
 */
struct LstmGradients {
  const float *sequence, *final;
  float *gates, *bias;
};

/**
 * A simple recurrent layer; as Gru below, with sizes of 32 bits, since the WebAssembly module reads it from its
 * instructions as it stands. `slopes` [T, N, H] holds the gradient by h, without that by the last h, which is
 * `final` or null, and is left with the gradient by x W. `biasGradient` is null where nobody asks; `apart` as
 * above.
 */
struct SimpleRnn {
  int32_t T, N, H;
  const float *h0, *recurrentKernel, *bias;
  float *h, *slopes;
  const float* final;
  float* biasGradient;
  int32_t apart;
};

/**
 * As gruForward and gruBackward have it; bias [3 H], or [2, 3 H] with the reset gate after the product.
 * `biasGradient` is null where nobody asks; `apart` as above.
 */
struct Gru {
  int32_t T, N, H, resetAfter;
  const float *h0, *recurrentKernel, *bias;
  float *gates, *h, *inner, *slopes;
  const float *sequence, *final;
  float* biasGradient;
  int32_t apart;
};

/** Of a product [M, K] times [K, N]. */
struct ProductSizes {
  int64_t M, N, K;
};

/** Layer normalisation as normForward has it. */
struct Norm {
  int64_t R, D;
  float epsilon;
  const float *x, *gain, *bias;
  float *y, *normal, *inverse;
};

/** As normBackward has it. */
struct NormGradients {
  int64_t R, D;
  const float *dy, *gain, *normal, *inverse;
  float *dx, *byGain, *byBias;
};

struct Gelu {
  int64_t size;
  float cubic, linear;
  const float* x;
  float* y;
};

/** Causal attention of `heads` heads of d numbers; cosines and sines [T, d], or null where nothing is turned. */
struct Attention {
  int64_t N, T, heads, d;
  const float *qkv, *cosines, *sines;
  float *y, *weights;
};

struct AttentionGradients {
  const float* dy;
  float* qkv;
};

/** What sums begin with: the rows of a table at `ids`, or one row for all where that is null. */
struct Starts {
  const float* numbers;
  const int32_t* ids;
};

/**
 * One step of `units` of an LSTM's H for N rows, with packed weights [D, 4 units] and [H, 4 units]; `kernel` is null
 * where `starts` is what x makes. x [N, D]; h, c and the next h by their rows, H apart, the latter two from the first of
 * these units on.
 */
struct LstmStep {
  int64_t N, D, H, units;
  Starts starts;
  const float *kernel, *recurrentKernel, *x, *h;
  float *c, *next;
  /** [N, 4 units] */
  float* sums;
};

/** Of a transformer that is D = heads d wide. */
struct HeadSizes {
  int64_t heads, d, contextLength;
};

/** `cubic` and `linear` are those of Gelu. */
struct TransformerSizes {
  HeadSizes of;
  int64_t hidden;
  float epsilon, cubic, linear;
};

/** A block's weights, matrices packed. */
struct BlockWeights {
  const float *attentionGain, *attentionBias, *qkv, *qkvBias, *projection, *projectionBias;
  const float *mlpGain, *mlpBias, *expand, *expandBias, *contract, *contractBias;
};

/** The keys and values that a block's rows have read, D contextLength numbers of each row. */
struct Cache {
  float *keys, *values;
};

/** Cosines and sines of one place, [d]; null where nothing is turned. */
struct Rotation {
  const float *cosines, *sines;
};

/** What a dense layer makes of its sums. */
enum Activation { LINEAR, RELU, SIGMOID, TANH, ACTIVATIONS };

struct Kernels {
  const char* name;
  void (*updates[RULES])(const UpdateRange&);
  /** How many numbers both of the next ones want to work with. */
  int64_t (*lstmScratch)(const SequenceSizes&);
  void (*lstmForward)(const SequenceSizes&, const LstmInputs&, const LstmSteps&, float* scratch);
  void (*lstmBackward)(const SequenceSizes&, const LstmInputs&, const LstmSteps&, const LstmGradients&,
                       float* scratch);
  /** How many numbers both of the next ones want to work with. */
  int64_t (*gruScratch)(int64_t N, int64_t H);
  void (*gruForward)(const Gru&, float* scratch);
  void (*gruBackward)(const Gru&, float* scratch);
  /** And so do these. */
  int64_t (*simpleRnnScratch)(int64_t N, int64_t H);
  void (*simpleRnnForward)(const SimpleRnn&, float* scratch);
  void (*simpleRnnBackward)(const SimpleRnn&, float* scratch);
  void (*normForward)(const Norm&);
  void (*normBackward)(const NormGradients&);
  void (*geluForward)(const Gelu&);
  void (*geluBackward)(const Gelu&);
  /** How many numbers both of the next ones want to work with. */
  int64_t (*attentionScratch)(int64_t T, int64_t d);
  void (*attentionForward)(const Attention&, float* scratch);
  void (*attentionBackward)(const Attention&, const AttentionGradients&, float* scratch);
  /** How many numbers each of the products wants to work with. */
  int64_t (*productScratch)(int64_t M, int64_t N, int64_t K);
  void (*denseForward)(const ProductSizes&, const float* x, const float* kernel, const float* bias,
                       int64_t activation, float* y, float* scratch);
  void (*productByTransposed)(const ProductSizes&, const float* dz, const float* kernel, float* c,
                              float* scratch);
  void (*productOfTransposed)(const ProductSizes&, const float* x, int64_t width, const float* dz,
                              float* c, bool adds, float* scratch);
  /** How many numbers a matrix [K, N] takes when it is packed, and a product with M rows wants to work with. */
  int64_t (*packedSize)(int64_t K, int64_t N);
  int64_t (*addProductScratch)(int64_t M, int64_t K);
  /** Packs a matrix [K, N]. */
  void (*packWeights)(const ProductSizes&, const float* numbers, float* packed);
  void (*addToStarts)(const ProductSizes&, const Starts&, const float* x, const float* packed, float* y,
                      float* scratch);
  void (*lstmStep)(const LstmStep&, float* scratch);
  int64_t (*transformerStepScratch)(const TransformerSizes&, int64_t M);
  void (*transformerBlockStep)(const TransformerSizes&, int64_t M, int64_t place, const Rotation&,
                               const BlockWeights&, const Cache&, float* x, float* scratch);
  double (*sumOfSquares)(int64_t size, const float* numbers);
  double (*crossEntropy)(int64_t rows, int64_t V, const float* logits, const int32_t* classes,
                         const float* shares, bool eachItsOwn, float* slopes);
};

/** The fastest that this processor can run, or the one that KARENINA_OPERATIONS names if it can. */
const Kernels& kernels();

}  // namespace karenina
