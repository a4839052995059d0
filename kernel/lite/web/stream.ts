/** Nothing in a page is a stream of Node's; the kernel asks whether something is one. */
export class Readable {}

export default { Readable };
