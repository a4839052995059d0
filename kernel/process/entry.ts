import { join } from "node:path";
import { startKernel } from "./main";

// Begins at once: `karenina-kernel start FILE` requires this file.
startKernel(process.argv[3], join(__dirname, "front.cjs"));
