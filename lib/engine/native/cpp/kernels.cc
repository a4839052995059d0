// All kernels for one instruction set: compiled once for each, with VARIANT as its name.
#include "attention.h"
#include "crossEntropy.h"
#include "dense.h"
#include "gelu.h"
#include "gru.h"
#include "layerNorm.h"
#include "lstm.h"
#include "lstmStep.h"
#include "simpleRnn.h"
#include "transformerStep.h"
#include "updates.h"

#define AS_TEXT(name) #name
#define TEXT_OF(name) AS_TEXT(name)

namespace karenina {
namespace VARIANT {

extern const Kernels table;
const Kernels table = {
    TEXT_OF(VARIANT),
    {sgd, momentum, nesterov, adagrad, adadelta, rmsProp, adam, adamW},
    lstmScratch,
    lstmForward,
    lstmBackward,
    gruScratch,
    gruForward,
    gruBackward,
    simpleRnnScratch,
    simpleRnnForward,
    simpleRnnBackward,
    normForward,
    normBackward,
    geluForward,
    geluBackward,
    attentionScratch,
    attentionForward,
    attentionBackward,
    productScratch,
    denseForward,
    productByTransposed,
    productOfTransposed,
    packedSize,
    addProductScratch,
    packWeights,
    addToStarts,
    lstmStep,
    transformerStepScratch,
    transformerBlockStep,
    sumOfSquares,
    crossEntropy,
};

}  // namespace VARIANT
}  // namespace karenina
