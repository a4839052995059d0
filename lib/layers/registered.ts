// TensorFlow.js for those who use it by the library: `tf.loadLayersModel` knows the library's layers.
import ".";

export { tf } from "../engine/tensorflow";
