import { host } from "../../host/host";
import { OptionError } from "../../options";

/** Networks that come with the library; README.md beside this file tells how they were made. */
export const PRETRAINED: readonly string[] = ["anna-karenina", "presidents"];

/**
 * The checkpoint of a network that comes with the library, to sample from or to begin a training with.
 *
 * @throws OptionError for a name that is none of PRETRAINED
 *
 * @example
 * await sample(pretrainedFile("presidents"), { prime: "America ", temperature: 0.5 });
 */
export function pretrainedFile(name: string): string {
  if (!PRETRAINED.includes(name)) {
    throw new OptionError(
      `No network named ${JSON.stringify(name)} comes with the library. There are: ${PRETRAINED.join(", ")}. ` +
        "A network of your own is named by the file of its checkpoint.",
    );
  }
  return host.store.ownFile(`models/pretrained/${name}.safetensors`);
}
