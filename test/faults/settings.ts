import seedrandom from "seedrandom";

/** A number that the command `npm run test:faults` hands down. */
function whole(variable: string, standard: number): number {
  const text = process.env[variable] || String(standard);
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) {
    return value;
  }
  throw new Error(`${variable} is "${text}", but must be a whole number from 1.`);
}

/** Decides everything random; printed by the command. */
export const SEED = whole("KARENINA_FAULT_SEED", 1);

/** What is killed, and how much of all kills. */
const SHARES = { training: 0.15, checkpointing: 0.1, download: 0.25, notebooks: 0.15, setup: 0.35 };

/** How many processes a test kills: 200 in all, unless the command says otherwise. */
export function killsOf(what: keyof typeof SHARES): number {
  return Math.max(1, Math.round(whole("KARENINA_KILLS", 200) * SHARES[what]));
}

/** Random numbers from 0 to 1, the same for the same seed and name. */
export function randomFor(name: string): () => number {
  return seedrandom(`${SEED} ${name}`);
}

/** For fast-check: which inputs, and how many of the 10,000 that each reader gets go to one law. */
export function fuzz(part: number): { numRuns: number; seed: number } {
  return { numRuns: Math.ceil(part * whole("KARENINA_FUZZ", 10_000)), seed: SEED };
}
