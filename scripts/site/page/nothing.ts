// Stands for packages that nothing in the page uses. TensorFlow.js asks one of them for its version.
export const version_webgl = "none";
