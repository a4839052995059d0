// The part of node:os that cells use.
export const EOL = "\n";
export const tmpdir = () => "/tmp";
export const homedir = () => "/home";
export const platform = () => "browser";
export const availableParallelism = () => navigator.hardwareConcurrency || 1;

export default { availableParallelism, EOL, homedir, platform, tmpdir };
