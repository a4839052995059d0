export { Dropout, type DropoutOptions, dropout } from "./dropout";
export { Embedding, type EmbeddingOptions, embedding } from "./embedding";
export { LSTM, type LstmOptions, lstm } from "./lstm";
export { OneHot, type OneHotOptions, oneHot } from "./oneHot";
export type { RecurrentOptions } from "./recurrentLayer";
