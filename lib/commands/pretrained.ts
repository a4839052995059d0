import * as path from "node:path";

/** Networks that come with the library; lib/models/pretrained/README.md tells how they were made. */
export const PRETRAINED: readonly string[] = ["anna-karenina", "presidents"];

export function pretrainedFile(name: string): string {
  return path.join(__dirname, "..", "models", "pretrained", `${name}.safetensors`);
}
