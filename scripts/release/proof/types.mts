// Compiled in an empty folder where the library is installed: its declarations are found and checked.
import { charRnn, type HistoryRow, type tf, train, Vocabulary } from "karenina";

export const vocabulary: Vocabulary = Vocabulary.of("abc");
// @ts-expect-error: the option is spelt vocabularySize
charRnn({ vocabularySise: 3 });
export const model: tf.LayersModel = charRnn({ vocabularySize: vocabulary.size });
export const history = (): Promise<HistoryRow[]> => train(model, []);
