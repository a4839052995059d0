// `file://` models, as tfjs-node has them: a folder with model.json and weights.bin.
import type { io } from "@tensorflow/tfjs";
import type { Lite } from "../../../kernel/lite/worker/siteModules";

declare const kareninaLite: Lite;

const SCHEME = "file://";

/** What saves to, and loads from, an address that begins with file://; null for all others. */
export function fileModels(address: string | string[]): io.IOHandler {
  if (typeof address !== "string" || !address.startsWith(SCHEME)) {
    // TensorFlow.js asks the next router then; its types leave that out.
    return null as unknown as io.IOHandler;
  }
  const path = address.slice(SCHEME.length);
  return { save: (model) => save(path, model), load: () => load(path) };
}

async function save(folder: string, model: io.ModelArtifacts): Promise<io.SaveResult> {
  const { weightData, weightSpecs, ...rest } = model;
  const weights = joined(weightData);
  const json = { ...rest, weightsManifest: [{ paths: ["weights.bin"], weights: weightSpecs }] };
  const text = new TextEncoder().encode(JSON.stringify(json));
  const { files } = kareninaLite;
  files.together(() => {
    files.set(`${folder}/model.json`, text);
    files.set(`${folder}/weights.bin`, weights);
  });
  return {
    modelArtifactsInfo: {
      dateSaved: new Date(),
      modelTopologyType: "JSON",
      modelTopologyBytes: JSON.stringify(model.modelTopology).length,
      weightSpecsBytes: JSON.stringify(weightSpecs).length,
      weightDataBytes: weights.length,
    },
  };
}

interface ModelFile extends io.ModelArtifacts {
  weightsManifest?: { paths: string[]; weights: io.WeightsManifestEntry[] }[];
}

async function load(path: string): Promise<io.ModelArtifacts> {
  const file = path.endsWith(".json") ? path : `${path}/model.json`;
  const folder = file.slice(0, file.lastIndexOf("/"));
  const { weightsManifest = [], ...model } = JSON.parse(
    new TextDecoder().decode(read(file)),
  ) as ModelFile;
  const parts = weightsManifest.flatMap(({ paths }) =>
    paths.map((name) => read(`${folder}/${name}`)),
  );
  return {
    ...model,
    weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
    weightData: joined(parts.map((part) => part.slice().buffer as ArrayBuffer))
      .buffer as ArrayBuffer,
  };
}

function read(file: string): Uint8Array {
  const content = kareninaLite.files.get(file);
  if (!content) {
    throw new Error(`There is no model at ${file}: this page has no such file.`);
  }
  return content;
}

function joined(data: io.WeightData | undefined): Uint8Array {
  const parts = (data === undefined ? [] : [data].flat()).map((part) => new Uint8Array(part));
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
