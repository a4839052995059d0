// A script of its own: TensorFlow.js' backend for WebGPU, which registers with the TensorFlow.js that the
// library computes by (see webGpu.ts; course.ts has its imports lead there).
import "@tensorflow/tfjs-backend-webgpu";
