// What the library is on Node.js: its doors are opened, before anything of it is used.
import "./host/node/register";
import "./pictures/register";
