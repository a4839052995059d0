// The products of dense layers: KareninaDense forward, KareninaProductByTransposed for the gradient by the
// input, KareninaWeightGradient for that by the weights.
#include <vector>

#include "call.h"
#include "kernels.h"
#include "operations.h"
#include "scratch.h"

namespace karenina {
namespace {

/** Rows and columns of a matrix; a tensor of more dimensions is one of all its rows. */
struct Shape {
  int64_t rows, columns;
};

Shape shapeOf(TF_Tensor* tensor) {
  const int dimensions = TF_NumDims(tensor);
  int64_t rows = 1;
  for (int i = 0; i + 1 < dimensions; i++) rows *= TF_Dim(tensor, i);
  return {rows, dimensions > 0 ? TF_Dim(tensor, dimensions - 1) : 1};
}

const float* numbersOf(TF_Tensor* tensor) { return static_cast<const float*>(TF_TensorData(tensor)); }

struct DenseAttributes {
  int64_t activation;

  void read(Construction& reading) { activation = reading.integer("activation", 0, ACTIVATIONS); }
};

/** x [M, K], W [K, N], bias [N] or without numbers: y [M, N]. */
void dense(void* attributes, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor *x = call.tensor(0), *kernel = call.tensor(1), *bias = call.tensor(2);
  if (!call.ok()) return;
  const auto [M, K] = shapeOf(x);
  const auto [rows, N] = shapeOf(kernel);
  const int64_t biases = TF_TensorElementCount(bias);
  if (rows != K || (biases != 0 && biases != N)) return call.fail("KareninaDense: sizes that do not fit.");
  float* y = call.output(0, {M, N});
  float* scratch = call.ok() ? scratchFor(call, kernels().productScratch(M, N, K)) : nullptr;
  if (!call.ok()) return;
  kernels().denseForward({M, N, K}, numbersOf(x), numbersOf(kernel), biases == 0 ? nullptr : numbersOf(bias),
                         static_cast<DenseAttributes*>(attributes)->activation, y, scratch);
}

/** a [M, K], b [N, K]: a bᵀ [M, N]. */
void byTransposed(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor *a = call.tensor(0), *b = call.tensor(1);
  if (!call.ok()) return;
  const auto [M, K] = shapeOf(a);
  const auto [N, columns] = shapeOf(b);
  if (columns != K) return call.fail("KareninaProductByTransposed: sizes that do not fit.");
  float* c = call.output(0, {M, N});
  float* scratch = call.ok() ? scratchFor(call, kernels().productScratch(M, N, K)) : nullptr;
  if (!call.ok()) return;
  kernels().productByTransposed({M, N, K}, numbersOf(a), numbersOf(b), c, scratch);
}

struct PieceAttributes {
  int64_t pairs, piece, pieces;

  void read(Construction& reading) {
    pairs = reading.integer("N", 1);
    pieces = reading.integer("pieces", 1);
    piece = reading.integer("piece", 0, pieces);
  }
};

/**
 * N inputs x [R, K], then N gradients dz [R, M] of as many rows each: a piece of the rows of Σ xᵀ dz [K, M],
 * and half the sum of its squares.
 */
void weightGradient(void* state, TF_OpKernelContext* context) {
  const auto& [pairs, piece, pieces] = *static_cast<PieceAttributes*>(state);
  Call call(context);
  std::vector<TF_Tensor*> given;
  for (int64_t i = 0; i < 2 * pairs; i++) given.push_back(call.tensor(static_cast<int>(i)));
  if (!call.ok()) return;
  const int64_t K = shapeOf(given[0]).columns, M = shapeOf(given[pairs]).columns;
  for (int64_t i = 0; i < pairs; i++) {
    const Shape x = shapeOf(given[i]), dz = shapeOf(given[pairs + i]);
    if (x.columns != K || dz.columns != M || x.rows != dz.rows) {
      return call.fail("KareninaWeightGradient: sizes that do not fit.");
    }
  }
  const int64_t begin = K * piece / pieces, rows = K * (piece + 1) / pieces - begin;
  float* gradient = call.output(0, {rows, M});
  float* half = call.output(1, {});
  if (!call.ok()) return;
  for (int64_t i = 0; i < pairs; i++) {
    const ProductSizes sizes = {rows, M, shapeOf(given[i]).rows};
    float* scratch = scratchFor(call, kernels().productScratch(sizes.M, sizes.N, sizes.K));
    if (scratch == nullptr) return;
    kernels().productOfTransposed(sizes, numbersOf(given[i]) + begin, K, numbersOf(given[pairs + i]), gradient,
                                  i > 0, scratch);
  }
  *half = static_cast<float>(kernels().sumOfSquares(rows * M, gradient) / 2);
}

}  // namespace

void registerProducts(TF_Status* status) {
  registerOperation({"KareninaDense",
                     {"activation: int"},
                     {"x: float", "kernel: float", "bias: float"},
                     {"y: float"},
                     false,
                     createAttributes<DenseAttributes>,
                     dense,
                     destroyAttributes<DenseAttributes>},
                    status);
  registerOperation({"KareninaProductByTransposed",
                     {},
                     {"a: float", "b: float"},
                     {"c: float"},
                     false,
                     nullptr,
                     byTransposed,
                     nullptr},
                    status);
  registerOperation({"KareninaWeightGradient",
                     {"N: int >= 1", "piece: int >= 0", "pieces: int >= 1"},
                     {"xs: N * float", "dzs: N * float"},
                     {"gradient: float", "half: float"},
                     false,
                     createAttributes<PieceAttributes>,
                     weightGradient,
                     destroyAttributes<PieceAttributes>},
                    status);
}

}  // namespace karenina
