// What the library is in a browser, in the place of node.ts: its doors are opened, before anything is used.
import "./host/web/register";
