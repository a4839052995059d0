// The network that writes, on the page: its text, and what it held likely at each place.
import { CharNet, drawn, type Memory, probabilitiesOf } from "./charNet";
import { element } from "./element";

/** How long a text becomes, in characters, and how many come with each picture of the screen. */
const LENGTH = 400;
const PER_FRAME = 4;

/** How many likely characters are shown. */
const SHOWN = 5;

interface Likely {
  character: string;
  probability: number;
}

/** Blanks and ends of lines by name, other characters as they are. */
const nameOf = (character: string) =>
  ({ " ": "blank", "\n": "new line" })[character] ?? (/\s/.test(character) ? "blank" : character);

/** Lets a network write when the button is pressed. */
export class Writer {
  private readonly button = element("write", HTMLButtonElement);
  private readonly author = element("author", HTMLSelectElement);
  private readonly temperature = element("temperature", HTMLInputElement);
  private readonly text = element("written");
  private readonly table = element("likely");
  private readonly says = element("writer-says");
  private readonly nets = new Map<string, Promise<CharNet>>();
  /** What was held likely at each character of the text. */
  private likely: Likely[][] = [];
  /** Where the arrow keys stand. */
  private at = 0;
  private running = 0;

  /** @param folder the address of the networks' files, which ends in "/" */
  constructor(private readonly folder: string) {
    this.button.addEventListener("click", () => void this.toggle());
    this.button.addEventListener("pointerenter", () => void this.net().catch(() => {}));
    this.author.addEventListener("change", () => this.stop());
    this.text.addEventListener("pointerover", ({ target }) => {
      const index = [...this.text.children].indexOf(target as Element);
      if (index >= 0) {
        this.point(index);
      }
    });
    this.text.addEventListener("keydown", (event) => this.press(event));
    this.text.addEventListener("focus", () => this.point(this.at));
  }

  private net(): Promise<CharNet> {
    const name = this.author.value;
    const known = this.nets.get(name);
    if (known) {
      return known;
    }
    const coming = fetch(`${this.folder}${name}.safetensors`).then(async (reply) => {
      if (!reply.ok) {
        throw new Error(`The network did not come: ${reply.status} ${reply.statusText}`);
      }
      return CharNet.read(new Uint8Array(await reply.arrayBuffer()));
    });
    this.nets.set(name, coming);
    coming.catch(() => this.nets.delete(name));
    return coming;
  }

  private async toggle(): Promise<void> {
    if (this.running) {
      this.stop();
      return;
    }
    const run = performance.now();
    this.running = run;
    this.button.textContent = "Stop";
    this.clear();
    this.says.textContent = "The network is on its way: one megabyte.";
    try {
      const net = await this.net();
      if (this.running === run) {
        this.says.textContent = "";
        this.text.lang = this.author.selectedOptions[0].dataset.lang ?? "en";
        await this.write(net, run);
      }
    } catch (error) {
      this.says.textContent = `${(error as Error).message}. Try again.`;
    }
    if (this.running === run) {
      this.stop();
    }
  }

  private stop(): void {
    this.running = 0;
    this.button.textContent = "Write";
  }

  private clear(): void {
    this.text.replaceChildren();
    this.table.replaceChildren();
    this.likely = [];
    this.at = 0;
  }

  private async write(net: CharNet, run: number): Promise<void> {
    const memory = net.blank();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    let code = net.characters.indexOf(" ");
    while (this.running === run && this.likely.length < LENGTH) {
      for (let n = 0; n < (still ? LENGTH : PER_FRAME) && this.likely.length < LENGTH; n++) {
        code = this.add(net, code, memory);
      }
      await new Promise(requestAnimationFrame);
    }
    if (this.running === run) {
      this.says.textContent = `${this.likely.length} characters, each drawn by these probabilities.`;
    }
  }

  /** Reads a character and writes the next. @returns its code */
  private add(net: CharNet, code: number, memory: Memory): number {
    const probabilities = probabilitiesOf(net.read(code, memory), Number(this.temperature.value));
    const next = drawn(probabilities, Math.random());
    const order = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
    this.likely.push(
      order.slice(0, SHOWN).map((each) => {
        return { character: net.characters[each], probability: probabilities[each] };
      }),
    );
    const span = document.createElement("span");
    span.textContent = net.characters[next];
    this.text.append(span);
    return next;
  }

  /** Shows what was held likely in the place of a character. */
  private point(index: number): void {
    const likely = this.likely[index];
    if (!likely) {
      return;
    }
    this.text.querySelector(".at")?.classList.remove("at");
    this.at = index;
    const span = this.text.children[index];
    span.classList.add("at");
    const written = span.textContent ?? "";
    const rows = likely.map(({ character, probability }) => {
      const row = document.createElement("tr");
      const share = `${Math.round(100 * probability)} %`;
      const [head, cell, bar] = ["th", "td", "span"].map((tag) => document.createElement(tag));
      head.textContent = nameOf(character);
      head.setAttribute("scope", "row");
      head.classList.toggle("chosen", character === written);
      cell.textContent = share;
      bar.className = "bar";
      bar.style.width = `${Math.round(100 * probability)}px`;
      bar.setAttribute("aria-hidden", "true");
      cell.prepend(bar);
      row.append(head, cell);
      return row;
    });
    this.table.replaceChildren(...rows);
    if (document.activeElement === this.text) {
      const shares = likely.map(
        ({ character, probability }) => `${nameOf(character)} ${Math.round(100 * probability)} %`,
      );
      this.says.textContent = `Character ${index + 1}, ${nameOf(written)}: ${shares.join(", ")}`;
    }
  }

  private press(event: KeyboardEvent): void {
    const to = {
      ArrowLeft: this.at - 1,
      ArrowRight: this.at + 1,
      Home: 0,
      End: this.likely.length - 1,
    }[event.key];
    if (to !== undefined && this.likely[to]) {
      event.preventDefault();
      this.point(to);
    }
  }
}
