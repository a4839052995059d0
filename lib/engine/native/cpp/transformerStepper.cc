// A transformer with the keys and values of what it has read. Each thread takes some rows, all blocks deep.
#include <array>

#include "kernels.h"
#include "numbers.h"
#include "stepper.h"
#include "team.h"

namespace karenina {
namespace {

/** The 12 weights of a block in the order of BlockWeights; matrices are packed. */
constexpr int WEIGHTS = 12;

class TransformerStepper : public Stepper {
 public:
  TransformerStepper(const std::vector<int32_t>& sizes, const float* scalars, const Arrays& arrays)
      : N(sizes[0]),
        V(sizes[1]),
        D(int64_t{sizes[4]} * sizes[5]),
        rowParts(sizes[2]),
        all{{sizes[4], sizes[5], sizes[3]}, sizes[6], scalars[0], scalars[1], scalars[2]} {
    auto next = arrays.begin();
    const int64_t C = all.of.contextLength, hidden = all.hidden;
    const auto take = [&](int64_t rows, int64_t columns = 1) {
      const float* from = *next++;
      return from == nullptr ? Numbers() : Numbers(from, rows * columns);
    };
    const auto packed = [&](int64_t K, int64_t M) {
      Numbers to(kernels().packedSize(K, M));
      kernels().packWeights({0, M, K}, *next++, to);
      return to;
    };
    table = take(V, D);
    positions = take(C, D);
    cosines = take(C, all.of.d);
    sines = take(C, all.of.d);
    for (int32_t i = 0; i < sizes[7]; i++) {
      Block block;
      block.weights = {take(D),  take(D), packed(D, 3 * D),  take(3 * D),  packed(D, D),       take(D),
                       take(D),  take(D), packed(D, hidden), take(hidden), packed(hidden, D), take(D)};
      block.keys = Numbers(N * D * C);
      block.values = Numbers(N * D * C);
      blocks.push_back(std::move(block));
    }
    gain = take(D);
    bias = take(D);
    kernel = packed(D, V);
    kernelBias = take(V);
    x = Numbers(N * D);
    y = Numbers(N * D);
    normal = Numbers(N * D);
    inverse = Numbers(N);
    for (int part = 0; part < rowParts; part++) {
      scratch.emplace_back(kernels().transformerStepScratch(all, N));
    }
  }

  void step(const int32_t* ids, int64_t place, float* logits) override {
    together(rowParts, [&](int part) { stepOf(Share(N, rowParts, part), ids, place, logits, scratch[part]); });
  }

  /** Nothing that was read before `place` is looked at. */
  void reset() override {}

 private:
  struct Block {
    std::array<Numbers, WEIGHTS> weights;
    Numbers keys, values;
  };

  const int64_t N, V, D;
  const int rowParts;
  const TransformerSizes all;
  Numbers table, positions, cosines, sines, gain, bias, kernel, kernelBias;
  std::vector<Block> blocks;
  Numbers x, y, normal, inverse;
  std::vector<Numbers> scratch;

  void stepOf(const Share& rows, const int32_t* ids, int64_t place, float* logits, float* room) {
    if (rows.size == 0) return;
    const int64_t begin = rows.begin * D;
    for (int64_t n = 0; n < rows.size; n++) {
      const float *embedding = table + ids[rows.begin + n] * D, *position = positions + place * D;
      float* row = x + begin + n * D;
      for (int64_t i = 0; i < D; i++) row[i] = embedding[i] + (positions != nullptr ? position[i] : 0.0f);
    }
    const bool turns = cosines != nullptr;
    const Rotation rotation = {turns ? cosines + place * all.of.d : nullptr, turns ? sines + place * all.of.d : nullptr};
    for (const auto& [w, keys, values] : blocks) {
      const int64_t ofRows = begin * all.of.contextLength;
      kernels().transformerBlockStep(
          all, rows.size, place, rotation, {w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], w[9], w[10], w[11]},
          {keys + ofRows, values + ofRows}, x + begin, room);
    }
    if (logits == nullptr) return;
    kernels().normForward({rows.size, D, all.epsilon, x + begin, gain, bias, y + begin, normal + begin,
                           inverse + rows.begin});
    kernels().addToStarts({rows.size, V, D}, {kernelBias, nullptr}, y + begin, kernel, logits + rows.begin * V, room);
  }
};

}  // namespace

std::unique_ptr<Stepper> makeTransformerStepper(const std::vector<int32_t>& sizes, const float* scalars,
                                                const Arrays& arrays) {
  return std::make_unique<TransformerStepper>(sizes, scalars, arrays);
}

}  // namespace karenina
