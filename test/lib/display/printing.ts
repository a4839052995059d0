// Run as a script by display.test.ts.
import "../../../lib/node";
import { display } from "../../../lib/display/display";

display({ "text/html": "<b>hi</b>", "text/plain": "hi" });
display({ "text/plain": "two\nlines\n" }, { id: "a" });
display({ "text/html": "<b>hi</b>" });
