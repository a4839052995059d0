// How far the reader has come: a map of the course, as the lessons' own `progress()` shows it.
import {
  addStandings,
  parseProgress,
  progressText,
  type Standing,
  type Standings,
} from "../../../lessons/exercises/standings";
import { element } from "./element";
import { KeptProgress } from "./keptProgress";

/** A lesson as the page's data list it. */
export interface ListedLesson {
  /** The notebook's name: "00-welcome". */
  lesson: string;
  title: string;
  exercises: { name: string; title: string }[];
}

const signs = {
  right: { sign: "●", words: "right" },
  tried: { sign: "◐", words: "tried" },
  blank: { sign: "○", words: "not tried yet" },
} as const;

type Sign = keyof typeof signs;

const signOf = (standing: Standing | undefined): Sign =>
  standing?.right ? "right" : (standing?.attempts ?? 0) > 0 ? "tried" : "blank";

/** The table of progress, with what blanks and carries it. */
export class ProgressTable {
  private standings: Standings = {};
  private readonly kept: KeptProgress;
  private readonly says = element("progress-says");

  /** @param site the address of the first page */
  constructor(
    private readonly lessons: readonly ListedLesson[],
    site: string,
  ) {
    this.kept = new KeptProgress(site, (text) => this.take(text));
    this.show();
    this.kept.read().then(
      (text) => text !== undefined && this.take(text),
      (error: Error) => this.say(`Progress is not kept: ${error.message}.`),
    );
    element("save-progress").addEventListener("click", () => this.save());
    const file = element("progress-file", HTMLInputElement);
    element("load-progress").addEventListener("click", () => file.click());
    file.addEventListener("change", () => void this.load(file));
    element("blank-course").addEventListener("click", () => {
      this.blank("the whole course", Object.keys(this.standings));
    });
  }

  private take(text: string): void {
    try {
      this.standings = parseProgress(text);
    } catch (error) {
      this.say(
        `What this browser keeps of your progress can't be read: ${(error as Error).message}`,
      );
    }
    this.show();
  }

  private put(words: string): void {
    this.show();
    this.kept.put(progressText(this.standings)).then(
      () => this.say(words),
      (error: Error) => this.say(`${words} But it is not kept: ${error.message}.`),
    );
  }

  private say(words: string): void {
    this.says.textContent = words;
  }

  private show(): void {
    const isOpen = new Set(
      [...document.querySelectorAll<HTMLDetailsElement>("#progress-rows details[open]")].map(
        ({ id }) => id,
      ),
    );
    const all = this.lessons.flatMap(({ exercises }) => exercises);
    element("progress-sum").textContent = `${this.rightOf(all)} of ${all.length} exercises right`;
    const rows = this.lessons.map((lesson) => this.row(lesson, isOpen));
    element("progress-rows").replaceChildren(...rows);
  }

  private rightOf(exercises: ListedLesson["exercises"]): number {
    return exercises.filter(({ name }) => this.standings[name]?.right).length;
  }

  private row({ lesson, title, exercises }: ListedLesson, isOpen: ReadonlySet<string>): Element {
    const row = make("tr");
    const head = make("th", `${lesson.slice(0, 2)} ${title}`);
    head.scope = "row";
    const map = make("td");
    const details = make("details");
    details.id = `exercises-${lesson}`;
    details.open = isOpen.has(details.id);
    const summary = make("summary");
    for (const { name } of exercises) {
      const sign = signOf(this.standings[name]);
      const mark = make("span", signs[sign].sign);
      mark.className = sign;
      mark.setAttribute("aria-hidden", "true");
      summary.append(mark);
    }
    summary.append(make("span", ` ${this.rightOf(exercises)} of ${exercises.length}`));
    const list = make("ul");
    list.append(...exercises.map((exercise) => this.exerciseItem(exercise)));
    details.append(summary, list);
    map.append(details);
    const action = make("td");
    const names = exercises.map(({ name }) => name).filter((name) => this.standings[name]);
    action.append(this.blankButton(`lesson ${lesson.slice(0, 2)}`, names));
    row.append(head, map, action);
    return row;
  }

  private exerciseItem({ name, title }: ListedLesson["exercises"][0]): Element {
    const standing = this.standings[name];
    const sign = signOf(standing);
    const item = make("li");
    const mark = make("span", `${signs[sign].sign} `);
    mark.className = sign;
    mark.setAttribute("aria-hidden", "true");
    const { attempts = 0, hints = 0 } = standing ?? {};
    const tries = attempts > 0 ? `, attempts ${attempts}, hints ${hints}` : "";
    item.append(mark, make("span", `${title}: ${signs[sign].words}${tries} `));
    if (standing) {
      item.append(this.blankButton(title, [name]));
    }
    return item;
  }

  private blankButton(what: string, names: readonly string[]): HTMLButtonElement {
    const button = make("button", "Blank again");
    button.type = "button";
    button.className = "small";
    button.setAttribute("aria-label", `Blank again: ${what}`);
    button.disabled = names.length === 0;
    button.addEventListener("click", () => this.blank(what, names));
    return button;
  }

  private blank(what: string, names: readonly string[]): void {
    for (const name of names) {
      delete this.standings[name];
    }
    this.put(`Blank again: ${what}. Cells of notebooks stay as they are.`);
  }

  private save(): void {
    const link = make("a");
    link.href = URL.createObjectURL(
      new Blob([progressText(this.standings)], { type: "application/json" }),
    );
    link.download = "progress.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    this.say("progress.json is among your downloads: bring it back here on another machine.");
  }

  private async load(input: HTMLInputElement): Promise<void> {
    const [file] = input.files ?? [];
    if (!file) {
      return;
    }
    try {
      const others = parseProgress(await file.text());
      addStandings(this.standings, others);
      const count = Object.keys(others).length;
      this.put(
        `${count} ${count === 1 ? "exercise" : "exercises"} from ${file.name} brought back.`,
      );
    } catch (error) {
      this.say(`${file.name} holds no progress: ${(error as Error).message}`);
    }
    input.value = "";
  }
}

function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  text = "",
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
