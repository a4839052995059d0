// What JupyterLite loads: the kernel, and a Stop that reaches it.
import { kernelClass, type Stoppable } from "./kernel";
import type { KernelClient, KernelSpecs, Services } from "./services";

const SPEC = {
  name: "karenina",
  display_name: "TypeScript (Karenina)",
  language: "typescript",
  argv: [],
  resources: {},
  metadata: {},
};

/** @param base the folder that the worker lies in: an address that ends in "/" */
export function plugins(services: Services, base: string): object[] {
  const running = new Map<string, Stoppable>();
  const Kernel = kernelClass(services, base, running);
  return [
    {
      id: "karenina-jupyterlite:kernel",
      description: "Runs TypeScript in the page.",
      autoStart: true,
      requires: [services.IKernelSpecs],
      activate(_app: unknown, specs: KernelSpecs): void {
        specs.register({
          spec: { ...SPEC, spec: SPEC },
          create: async (options) => new Kernel(options),
        });
      },
    },
    {
      id: "karenina-jupyterlite:stop",
      description: "Lets Stop reach the running cell: JupyterLite's own drops those that wait.",
      autoStart: true,
      requires: [services.IKernelClient],
      activate(_app: unknown, client: KernelClient): void {
        const interrupt = client.interrupt.bind(client);
        client.interrupt = async (id) => {
          running.get(id)?.interrupt();
          await interrupt(id);
        };
      },
    },
  ];
}
