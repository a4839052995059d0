// Runs in a page: starts a kernel's worker and keeps what it says. Plain JavaScript, as the page gets it.

// The cells of channel.ts's SHARED.
const [STOP, INPUT, BACKLOG, LENGTH] = [0, 3, 4, 8];

globalThis.startKernel = (address) => {
  const memory = globalThis.crossOriginIsolated
    ? { flags: new SharedArrayBuffer(4 * LENGTH), answers: new SharedArrayBuffer(1 << 16) }
    : undefined;
  const flags = memory && new Int32Array(memory.flags);
  const worker = new Worker(address);
  const told = [];
  worker.onmessage = ({ data }) => {
    if (flags && data.type === "stream") {
      Atomics.sub(flags, BACKLOG, data.text.length);
      Atomics.notify(flags, BACKLOG);
    }
    told.push(data);
  };
  worker.onerror = ({ message }) => told.push({ type: "failed", reason: message });
  globalThis.kernel = {
    told,
    send: (message) => worker.postMessage(message),
    raiseStop: () => {
      if (flags) {
        Atomics.store(flags, STOP, 1);
      }
    },
    answer: (value) => {
      const { id } = told.findLast(({ type }) => type === "input");
      const text = new TextEncoder().encode(JSON.stringify({ id, value }));
      new Uint8Array(memory.answers, 4).set(text);
      Atomics.store(new Int32Array(memory.answers, 0, 1), 0, text.length);
      Atomics.add(flags, INPUT, 1);
      Atomics.notify(flags, INPUT);
    },
  };
  worker.postMessage({ type: "start", memory, environment: {} });
};
