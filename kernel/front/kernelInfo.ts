import type { FrontData } from "../channel";
import { PROTOCOL_VERSION } from "./wire";

/** The content of a kernel_info_reply. */
export function kernelInfo({ kernelVersion, languageVersion }: FrontData): object {
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "karenina-kernel",
    implementation_version: kernelVersion,
    language_info: {
      name: "typescript",
      version: languageVersion,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      // JupyterLab goes by the name, the classic Notebook by the mode.
      codemirror_mode: { name: "typescript", mode: "javascript", typescript: true },
      nbconvert_exporter: "script",
    },
    banner: `TypeScript ${languageVersion} on Node.js ${process.versions.node}`,
    help_links: [
      { text: "TypeScript Handbook", url: "https://www.typescriptlang.org/docs/handbook/" },
      { text: "Node.js documentation", url: "https://nodejs.org/api/" },
    ],
    debugger: true,
    supported_features: ["kernel subshells", "debugger"],
  };
}
