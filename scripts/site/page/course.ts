// What cells of the site can import: the library and what the lessons share.
import type { Lite } from "../../../kernel/lite/worker/siteModules";
import * as lessons from "../../../lessons/index";
import * as frames from "../../../lib/frames/index";
import * as karenina from "../../../lib/index";
import * as commands from "./commands";

declare const kareninaLite: Lite;

kareninaLite.provide({ karenina, "karenina/frames": frames, "karenina-lessons": lessons });
kareninaLite.provideCommand("npm", commands.npm);
kareninaLite.provideCommand("karenina", commands.karenina);
