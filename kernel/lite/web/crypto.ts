// The part of node:crypto that the kernel uses.
export const randomUUID = () => crypto.randomUUID();

export default { randomUUID };
