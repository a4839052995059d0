// Stands for packages that nothing in the page uses. TensorFlow.js asks one of them for its version.
export const version_webgl = "none";

/** A page's commands see no other process, from which a name would have to be held. */
export const hold = () => () => {};

/** Bars are for terminals. */
export class TerminalBar {}
