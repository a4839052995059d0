import { Embedding, OneHot } from "./embedding";
import { Dense, Dropout } from "./feedForward";
import { LayerNorm } from "./layerNorm";
import { Positions } from "./positions";
import { GRU, LSTM, SimpleRNN } from "./recurrent";
import { TransformerBlock } from "./transformerBlock";

export {
  Embedding,
  type EmbeddingOptions,
  embedding,
  OneHot,
  type OneHotOptions,
  oneHot,
} from "./embedding";
export {
  Dense,
  type DenseOptions,
  Dropout,
  type DropoutOptions,
  dense,
  dropout,
} from "./feedForward";
export { LayerNorm, layerNorm } from "./layerNorm";
export { Positions, type PositionsOptions, positions } from "./positions";
export {
  getPyTorchWeights,
  type NumericArray,
  type PyTorchParameters,
  setPyTorchWeights,
} from "./pytorch";
export {
  GRU,
  type GruOptions,
  gru,
  LSTM,
  type LstmOptions,
  lstm,
  SimpleRNN,
  simpleRNN,
} from "./recurrent";
export { RecurrentLayer } from "./recurrentLayer";
export type { RecurrentOptions } from "./recurrentWeights";
export {
  TransformerBlock,
  type TransformerBlockOptions,
  transformerBlock,
} from "./transformerBlock";

/** The classes by whose names a saved network is read. */
export const layerClasses = [
  Dense,
  Dropout,
  Embedding,
  GRU,
  LSTM,
  LayerNorm,
  OneHot,
  Positions,
  SimpleRNN,
  TransformerBlock,
] as const;
