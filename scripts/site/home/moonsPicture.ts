// Two moons, and what a network makes of them while it learns.
import { element } from "./element";
import { MoonsNet, type Points, randomNumbers, twoMoons } from "./moonsNet";

const POINTS = 160;
const UNITS = 12;
const RATE = 0.03;
const STEPS = 400;
const STEPS_PER_FRAME = 3;

/** What of the plane is shown. */
const VIEW = { left: -1.6, right: 2.6, bottom: -1.15, top: 1.65 };

/** Squares of the background, in each direction. */
const GRID = { across: 84, down: 56 };

/** Okabe and Ito's blue and orange, as red, green and blue. */
const COLORS = [
  [0, 114, 178],
  [230, 159, 0],
] as const;

/** Lets a network learn when the button is pressed. */
export class MoonsPicture {
  private readonly canvas = element("moons", HTMLCanvasElement);
  private readonly button = element("learn", HTMLButtonElement);
  private readonly says = element("moons-say");
  private readonly points: Points = twoMoons(POINTS, 0.13, randomNumbers(2));
  private net = new MoonsNet(UNITS, randomNumbers(1));
  private seed = 1;
  private running = false;

  constructor() {
    this.button.addEventListener("click", () => {
      this.running = !this.running;
      this.button.textContent = this.running ? "Stop" : "Learn";
      if (this.running) {
        if (this.net.steps >= STEPS) {
          this.seed += 1;
          this.net = new MoonsNet(UNITS, randomNumbers(this.seed));
        }
        this.learn();
      }
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    this.draw();
  }

  private learn(): void {
    if (!this.running) {
      return;
    }
    let loss = 0;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    for (let n = 0; n < (still ? STEPS : STEPS_PER_FRAME) && this.net.steps < STEPS; n++) {
      loss = this.net.learn(this.points, RATE);
    }
    this.draw();
    const right = this.net.right(this.points);
    const { steps } = this.net;
    element("moons-numbers").textContent =
      `step ${steps}   loss ${loss.toFixed(3)}   ${right} of ${POINTS} right`;
    if (steps < STEPS) {
      requestAnimationFrame(() => this.learn());
      return;
    }
    this.running = false;
    this.button.textContent = "Learn again";
    // Once, at the end: a screen reader would read each step.
    this.says.textContent = `After ${steps} steps ${right} of ${POINTS} points are on the right side.`;
    this.canvas.setAttribute("aria-label", `Two moons of points. ${this.says.textContent}`);
  }

  private draw(): void {
    const { canvas, points } = this;
    const brush = canvas.getContext("2d") as CanvasRenderingContext2D;
    const { width, height } = canvas;
    const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
    const paper = isDark ? 24 : 255;
    const [stepX, stepY] = [width / GRID.across, height / GRID.down];
    for (let row = 0; row < GRID.down; row++) {
      for (let column = 0; column < GRID.across; column++) {
        const x = VIEW.left + ((column + 0.5) / GRID.across) * (VIEW.right - VIEW.left);
        const y = VIEW.top - ((row + 0.5) / GRID.down) * (VIEW.top - VIEW.bottom);
        const p = this.net.probability(x, y);
        const color = COLORS[p > 0.5 ? 1 : 0];
        const strength = 0.55 * Math.abs(2 * p - 1);
        const mixed = color.map((each) => Math.round(paper + (each - paper) * strength));
        brush.fillStyle = `rgb(${mixed.join()})`;
        brush.fillRect(column * stepX, row * stepY, stepX + 1, stepY + 1);
      }
    }
    for (let n = 0; n < POINTS; n++) {
      const x = ((points.x[n] - VIEW.left) / (VIEW.right - VIEW.left)) * width;
      const y = ((VIEW.top - points.y[n]) / (VIEW.top - VIEW.bottom)) * height;
      brush.beginPath();
      // Discs and squares: nobody has to tell the colours apart.
      if (points.label[n]) {
        brush.rect(x - 5, y - 5, 10, 10);
      } else {
        brush.arc(x, y, 6, 0, 2 * Math.PI);
      }
      brush.fillStyle = `rgb(${COLORS[points.label[n]].join()})`;
      brush.fill();
      brush.strokeStyle = isDark ? "#000" : "#fff";
      brush.lineWidth = 1.5;
      brush.stroke();
    }
  }
}
