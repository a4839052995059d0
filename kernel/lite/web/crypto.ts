// The part of node:crypto that the kernel and the library's commands use.
export const randomUUID = () => crypto.randomUUID();

/** A whole number below `limit`, which is at most 2^32; all are as likely, but for one part in 2^21. */
export const randomInt = (limit: number) => {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  // 53 bits, as many as a number holds.
  return Math.floor((((high >>> 11) * 2 ** 32 + low) / 2 ** 53) * limit);
};

export default { randomInt, randomUUID };
