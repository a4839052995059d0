// With it comes the preload, which has to be there before anything asks for TensorFlow: node.ts imports
// this file first, and no door of Node's asks for it.
import { registerHost } from "../host";
import { nodeDisplay } from "./display";
import { nodeFetcher } from "./fetcher";
import selection from "./preload.cjs";
import { nodeProcess } from "./process";
import { nodeStore } from "./store";

registerHost({
  backend: {
    get name() {
      return selection.name;
    },
    get reason() {
      return selection.reason;
    },
    get remedy() {
      if (selection.name === "native" || process.env.KARENINA_BACKEND === "wasm") {
        return undefined;
      }
      return (
        "`npm run doctor` says what is missing, `npm run setup` tries again to install it. (Where " +
        "Karenina is a package of your project: `npm install @tensorflow/tfjs-node@4.22.0`.)"
      );
    },
  },
  display: nodeDisplay,
  fetcher: nodeFetcher,
  process: nodeProcess,
  store: nodeStore,
});
