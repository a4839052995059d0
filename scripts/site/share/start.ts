import { OpenPage } from "./openPage";

new OpenPage(new URL(".", location.href).href);
