// A stack of LSTM layers. Of many sequences each thread takes some rows, all layers deep. Of a single one it takes
// some units of each layer, with weights of its own: such a step does nothing but read all weights once, and two
// cores do that in little more than half the time.
#include "kernels.h"
#include "numbers.h"
#include "stepper.h"
#include "team.h"

namespace karenina {
namespace {

/** Units of a layer, or columns of the dense layer. */
struct Piece {
  Share share;
  Numbers starts, kernel, recurrentKernel, sums;
};

struct Layer {
  int64_t D, H;
  std::vector<Piece> pieces;
  /** The state before a step, and the one after it; they change places. */
  Numbers h, next, c;
};

/** Some columns of each of the `blocks` blocks of a matrix [rows, blocks width]. */
Numbers columnsOf(const float* numbers, int64_t rows, int64_t blocks, int64_t width, const Share& share) {
  Numbers to(rows * blocks * share.size);
  for (int64_t k = 0; k < rows * blocks; k++) {
    for (int64_t i = 0; i < share.size; i++) to[k * share.size + i] = numbers[k * width + share.begin + i];
  }
  return to;
}

Numbers packed(const Numbers& numbers, int64_t K, int64_t N) {
  Numbers to(kernels().packedSize(K, N));
  kernels().packWeights({0, N, K}, numbers, to);
  return to;
}

class LstmStepper : public Stepper {
 public:
  LstmStepper(const std::vector<int32_t>& sizes, const Arrays& arrays)
      : N(sizes[0]), V(sizes[1]), unitParts(sizes[2]), rowParts(sizes[3]) {
    auto next = arrays.begin();
    int64_t widest = 0;
    for (size_t i = 4; i < sizes.size(); i++) {
      const bool isFirst = i == 4;
      Layer layer = {isFirst ? 0 : sizes[i - 1], sizes[i], {}, Numbers(N * sizes[i]), Numbers(N * sizes[i]),
                     Numbers(N * sizes[i])};
      const int64_t D = layer.D, H = layer.H;
      widest = H > widest ? H : widest;
      const float* table = isFirst ? *next++ : nullptr;
      const float* kernel = isFirst ? nullptr : *next++;
      const float* recurrentKernel = *next++;
      const float* bias = isFirst ? nullptr : *next++;
      for (int part = 0; part < unitParts; part++) {
        const Share share(H, unitParts, part, LINE);
        const auto weights = [&](const float* of, int64_t rows) {
          return packed(columnsOf(of, rows, 4, H, share), rows, 4 * share.size);
        };
        layer.pieces.push_back({share, columnsOf(isFirst ? table : bias, isFirst ? V : 1, 4, H, share),
                                isFirst ? Numbers() : weights(kernel, D), weights(recurrentKernel, H),
                                Numbers(N * 4 * share.size)});
      }
      layers.push_back(std::move(layer));
    }
    const float *kernel = *next++, *bias = *next;
    const int64_t H = layers.back().H;
    for (int part = 0; part < unitParts; part++) {
      const Share share(V, unitParts, part, LINE);
      dense.push_back({share, columnsOf(bias, 1, 1, V, share),
                       packed(columnsOf(kernel, H, 1, V, share), H, share.size), Numbers(), Numbers()});
    }
    for (int part = 0; part < unitParts * rowParts; part++) {
      scratch.emplace_back(kernels().addProductScratch(N, widest));
    }
  }

  void step(const int32_t* ids, int64_t, float* logits) override {
    if (unitParts > 1) {
      for (size_t i = 0; i < layers.size(); i++) {
        together(unitParts, [&](int part) { stepOf(i, part, Share(N, 1, 0), ids, scratch[part]); });
      }
      together(unitParts, [&](int part) { finish(part, Share(N, 1, 0), logits, scratch[part]); });
    } else {
      together(rowParts, [&](int part) {
        const Share rows(N, rowParts, part);
        for (size_t i = 0; i < layers.size(); i++) stepOf(i, 0, rows, ids, scratch[part]);
        finish(0, rows, logits, scratch[part]);
      });
    }
    for (Layer& layer : layers) std::swap(layer.h, layer.next);
  }

  void reset() override {
    for (const Layer& layer : layers) {
      for (int64_t k = 0; k < N * layer.H; k++) layer.h[k] = layer.c[k] = 0.0f;
    }
  }

 private:
  /** Borders between units lie where lines of the cache do. */
  static constexpr int64_t LINE = 16;

  const int64_t N, V;
  const int unitParts, rowParts;
  std::vector<Layer> layers;
  std::vector<Piece> dense;
  std::vector<Numbers> scratch;

  /** Some rows and units of a layer. The layer below has stepped. */
  void stepOf(size_t place, int part, const Share& rows, const int32_t* ids, float* room) {
    const Layer& layer = layers[place];
    const Piece& piece = layer.pieces[part];
    const int64_t D = layer.D, H = layer.H, units = piece.share.size, begin = rows.begin * H + piece.share.begin;
    if (rows.size == 0 || units == 0) return;
    kernels().lstmStep({rows.size, D, H, units,
                        {piece.starts, place == 0 ? ids + rows.begin : nullptr},
                        piece.kernel, piece.recurrentKernel,
                        place == 0 ? nullptr : layers[place - 1].next + rows.begin * D, layer.h + rows.begin * H,
                        layer.c + begin, layer.next + begin, piece.sums + rows.begin * 4 * units},
                       room);
  }

  /** Some logits: of some rows, or of a single row some columns. */
  void finish(int part, const Share& rows, float* logits, float* room) {
    const auto& [share, bias, kernel, none, unused] = dense[part];
    if (logits == nullptr || rows.size == 0 || share.size == 0) return;
    const Layer& last = layers.back();
    kernels().addToStarts({rows.size, share.size, last.H}, {bias, nullptr}, last.next + rows.begin * last.H, kernel,
                          logits + rows.begin * V + share.begin, room);
  }
};

}  // namespace

std::unique_ptr<Stepper> makeLstmStepper(const std::vector<int32_t>& sizes, const Arrays& arrays) {
  return std::make_unique<LstmStepper>(sizes, arrays);
}

}  // namespace karenina
