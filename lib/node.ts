// What the library is on Node.js: its doors are opened, before anything of it is used.
import "./host/node/register";
// TensorFlow's C library computes where it is there.
import "./engine/native/register";
import "./pictures/register";
