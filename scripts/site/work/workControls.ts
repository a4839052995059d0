// The first page's buttons for a reader's work: download it, bring it back.
import { element } from "../home/element";
import { plainlySeen } from "../share/notebook";
import { KeptWork } from "./keptWork";
import type { Plan, Step } from "./plan";
import { LARGEST_FILE, unzip, type ZipEntry } from "./zip";

export class WorkControls {
  private readonly work: KeptWork;
  private readonly says = element("work-says");
  private entries: ZipEntry[] = [];
  private plan: Plan | undefined;

  /** @param site the address of the first page */
  constructor(site: string) {
    this.work = new KeptWork(site);
    const file = element("work-file", HTMLInputElement);
    this.does("download-work", () => this.download());
    element("bring-work").addEventListener("click", () => file.click());
    file.addEventListener("change", () => void this.trying(() => this.look(file)));
    this.does("carry-out", () => this.carryOut());
    element("leave-work").addEventListener("click", () => {
      this.forget();
      this.say("Nothing was brought back.");
    });
  }

  private does(button: string, work: () => Promise<void>): void {
    const pressed = element(button, HTMLButtonElement);
    pressed.addEventListener("click", async () => {
      pressed.disabled = true;
      await this.trying(work);
      pressed.disabled = false;
    });
  }

  private async trying(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.say(`That did not work: ${(error as Error).message}`);
    }
  }

  private say(words: string): void {
    this.says.textContent = words;
  }

  private async download(): Promise<void> {
    const done = await this.work.download();
    this.say(
      done
        ? `${done.name} is among your downloads, with ${files(done.count)}. Bring it back here on another machine.`
        : "There is nothing to download yet: you have changed no notebook, and no cell has written a file.",
    );
  }

  private async look(input: HTMLInputElement): Promise<void> {
    const [file] = input.files ?? [];
    this.forget();
    if (!file) {
      return;
    }
    this.say(`Reading ${file.name} …`);
    try {
      if (file.size > LARGEST_FILE) {
        throw new Error("it is too large.");
      }
      this.entries = await unzip(new Uint8Array(await file.arrayBuffer()));
    } catch (error) {
      this.say(`${file.name} can't be brought back: ${(error as Error).message}`);
      return;
    } finally {
      input.value = "";
    }
    this.show(await this.work.plan(this.entries));
    this.say("");
  }

  private show(plan: Plan): void {
    this.plan = plan;
    const rows = plan.steps.map((step) => {
      const row = document.createElement("li");
      row.className = step.what;
      row.textContent = `${plainlySeen(step.name)}: ${inWords(step)}.`;
      return row;
    });
    const list = element("work-steps");
    list.replaceChildren(...rows);
    // It may be long enough to scroll.
    list.tabIndex = 0;
    const count = changing(plan).length;
    const carryOut = element("carry-out", HTMLButtonElement);
    carryOut.textContent = `Bring back ${files(count)}`;
    carryOut.hidden = count === 0;
    element("leave-work").textContent = count === 0 ? "Close" : "Leave it";
    element("work-plan").hidden = false;
  }

  private async carryOut(): Promise<void> {
    const now = await this.work.plan(this.entries);
    if (JSON.stringify(now.steps) !== JSON.stringify(this.plan?.steps)) {
      this.show(now);
      this.say("Meanwhile something has changed here. This is what would be done now.");
      return;
    }
    await this.work.carryOut(now);
    this.forget();
    this.say(
      `${files(changing(now).length)} brought back. Notebooks are in Lab's list; pages that show it find them there.`,
    );
  }

  private forget(): void {
    this.entries = [];
    this.plan = undefined;
    element("work-plan").hidden = true;
  }
}

const files = (count: number) => `${count} ${count === 1 ? "file" : "files"}`;

const changing = ({ steps }: Plan) =>
  steps.filter(({ what }) => what !== "same" && what !== "refused");

function inWords({ what, detail }: Step): string {
  switch (what) {
    case "new":
      return "comes back";
    case "same":
      return "is here already, the same";
    case "beside":
      return `comes back as ${plainlySeen(detail ?? "")}, since there is another one here`;
    case "merged":
      return "is added to your progress here; of each exercise the further counts";
    case "refused":
      return `is left out: ${detail}`;
  }
}
