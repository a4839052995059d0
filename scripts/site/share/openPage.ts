// The page that opens a notebook from elsewhere: it shows what there is as text, and runs none of it.
import { element } from "../home/element";
import { Drive, driveFile } from "../kept/drive";
import { textOf } from "./fetched";
import { type Request, readFragment } from "./link";
import {
  type CheckedNotebook,
  checkNotebook,
  factsOf,
  fileName,
  forTravel,
  LARGEST_NOTEBOOK,
  namesFor,
  plainlySeen,
} from "./notebook";
import { inMegabytes } from "./packing";

/** A notebook that was looked at, and may be kept. */
interface Found {
  notebook: CheckedNotebook;
  name: string;
}

export class OpenPage {
  private readonly says = element("says");
  private found: Found | undefined;
  private asked: Request | undefined;
  /** Grows with each notebook that is asked for: what an older one brings comes too late. */
  private round = 0;

  /** @param site the address of the first page */
  constructor(private readonly site: string) {
    if (self !== top) {
      // Another site's page could lay itself over the buttons.
      this.say(
        "Open this page in a tab of its own: it does nothing within a page of another site.",
      );
      return;
    }
    element("fetch").addEventListener("click", () => {
      if (this.asked) {
        void this.look(this.asked);
      }
    });
    element("keep").addEventListener("click", () => void this.keep());
    const chosen = element("chosen", HTMLInputElement);
    element("choose").addEventListener("click", () => chosen.click());
    chosen.addEventListener("change", () => void this.take(chosen));
    element("by-address").addEventListener("submit", (event) => {
      event.preventDefault();
      const { value } = element("address", HTMLInputElement);
      location.hash = new URLSearchParams({ address: value.trim() }).toString();
    });
    addEventListener("hashchange", () => this.begin());
    this.begin();
  }

  private say(words: string): void {
    this.says.textContent = words;
  }

  /** Does what the address of this page asks for, as far as nobody need agree. */
  private begin(): void {
    this.clear();
    try {
      this.asked = readFragment(location.hash, this.site);
    } catch (error) {
      this.say((error as Error).message);
      return;
    }
    if (this.asked?.kind === "address" && !this.asked.own) {
      element("asked-address").textContent = plainlySeen(this.asked.address);
      element("asked-host").textContent = new URL(this.asked.address).host;
      element("asking").hidden = false;
    } else if (this.asked) {
      void this.look(this.asked);
    }
  }

  private clear(): void {
    this.round++;
    this.found = undefined;
    this.say("");
    element("asking").hidden = true;
    element("found").hidden = true;
  }

  private async look(request: Request): Promise<void> {
    this.clear();
    const { round } = this;
    this.say("Fetching it …");
    let text: string;
    try {
      text = await textOf(request);
    } catch (error) {
      if (round === this.round) {
        this.say((error as Error).message);
      }
      return;
    }
    if (round === this.round) {
      this.show(
        text,
        request.name,
        request.kind === "packed"
          ? "The link itself holds it: whoever made the link wrote it. This site has never seen it."
          : request.own
            ? `This site: ${plainlySeen(request.address)}`
            : `Another site, which nobody here has checked: ${plainlySeen(request.address)}`,
      );
    }
  }

  private async take(input: HTMLInputElement): Promise<void> {
    const [file] = input.files ?? [];
    if (!file) {
      return;
    }
    this.clear();
    const { round } = this;
    if (file.size > LARGEST_NOTEBOOK) {
      this.say(`${file.name} is not taken: it is larger than ${inMegabytes(LARGEST_NOTEBOOK)}.`);
    } else {
      const text = await file.text();
      if (round === this.round) {
        this.show(text, fileName(file.name), "A file from your machine.");
      }
    }
    input.value = "";
  }

  private show(text: string, name: string, origin: string): void {
    let notebook: CheckedNotebook;
    try {
      notebook = checkNotebook(text);
    } catch (error) {
      this.say(`${name} can't be opened: ${(error as Error).message}`);
      return;
    }
    this.found = { notebook, name };
    const { title, ...facts } = factsOf(notebook);
    element("found-title").textContent = plainlySeen(title ?? name);
    element("found-origin").textContent = origin;
    element("found-facts").textContent = inWords(facts);
    element("found-name").textContent = name;
    const cells = notebook.cells.map(({ cell_type, source }) => {
      const item = document.createElement("li");
      const kind = document.createElement("span");
      kind.textContent = cell_type === "code" ? "Code" : "Text";
      const content = document.createElement("pre");
      content.tabIndex = 0;
      content.className = cell_type;
      content.textContent = plainlySeen([source].flat().join(""));
      item.append(kind, content);
      return item;
    });
    element("found-cells").replaceChildren(...cells);
    element("found").hidden = false;
    this.say("");
  }

  private async keep(): Promise<void> {
    const { found } = this;
    if (!found) {
      return;
    }
    const keep = element("keep", HTMLButtonElement);
    keep.disabled = true;
    try {
      const drive = new Drive(this.site);
      const content = forTravel(found.notebook);
      const size = new TextEncoder().encode(JSON.stringify(content)).length;
      const path = await drive.add(
        (free) => driveFile(free, { type: "notebook", format: "json", content, size }),
        namesFor(found.name),
        await drive.ownPaths(),
      );
      location.assign(new URL(`lab/index.html?path=${encodeURIComponent(path)}`, this.site).href);
    } catch (error) {
      this.say(`It could not be kept: ${(error as Error).message}`);
    } finally {
      keep.disabled = false;
    }
  }
}

function inWords({
  codeCells,
  codeLines,
  textCells,
  outputs,
  language,
  namesAddresses,
}: Omit<ReturnType<typeof factsOf>, "title">): string {
  const count = (number: number, one: string) => `${number} ${one}${number === 1 ? "" : "s"}`;
  const sentences = [
    `${count(codeCells, "cell")} of code with ${count(codeLines, "line")}, ${count(textCells, "cell")} of text.`,
  ];
  if (outputs > 0) {
    sentences.push(`The outputs of ${count(outputs, "cell")} are left out.`);
  }
  if (language !== undefined && !["typescript", "javascript"].includes(language)) {
    sentences.push(
      `It says that its code is ${plainlySeen(language)}; here it runs as TypeScript.`,
    );
  }
  if (namesAddresses) {
    sentences.push("Its texts may load pictures from other sites when it is open.");
  }
  return sentences.join(" ");
}
