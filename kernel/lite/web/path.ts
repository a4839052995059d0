// node:path, as it is where paths are written with "/".
import path from "path-browserify";

export default path;
export const { basename, delimiter, dirname, extname, format, isAbsolute, join } = path;
export const { normalize, parse, relative, resolve, sep } = path;
export const posix = path;
