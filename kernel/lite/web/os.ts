// The part of node:os that cells use.
export const EOL = "\n";
export const tmpdir = () => "/tmp";
export const homedir = () => "/home";
/** One name for all pages: nobody else sees their files. */
export const hostname = () => "browser";
export const platform = () => "browser";
export const availableParallelism = () => navigator.hardwareConcurrency || 1;

export default { availableParallelism, EOL, homedir, hostname, platform, tmpdir };
