// Comes first: what is loaded later may ask for TensorFlow.
import "./preload.cjs";
import { registerHost } from "../host";
import { nodeDisplay } from "./display";
import { nodeFetcher } from "./fetcher";
import { nodeProcess } from "./process";
import { nodeStore } from "./store";

registerHost({
  display: nodeDisplay,
  fetcher: nodeFetcher,
  process: nodeProcess,
  store: nodeStore,
});
