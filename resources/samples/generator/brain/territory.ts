/** Edge of the covered square, millimetres. */
const SPAN = 200;

/** Keeps lines from crossing: which family of lines has passed through each square millimetre. */
export class Territory {
  private readonly owner = new Int32Array(SPAN * SPAN);

  claim(x: number, y: number, family: number): void {
    const cell = this.cell(x, y);
    if (cell >= 0) this.owner[cell] = family;
  }

  /** True if another family of lines than `family` or `origin` lies within `distance` mm. */
  crowded(x: number, y: number, distance: number, family: number, origin: number): boolean {
    const reach = Math.ceil(distance);
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        if (dx * dx + dy * dy > distance * distance) continue;
        const cell = this.cell(x + dx, y + dy);
        const owner = cell < 0 ? 0 : this.owner[cell]!;
        if (owner !== 0 && owner !== family && owner !== origin) return true;
      }
    }
    return false;
  }

  private cell(x: number, y: number): number {
    const column = Math.round(x) + SPAN / 2;
    const row = Math.round(y) + SPAN / 2;
    return column < 0 || row < 0 || column >= SPAN || row >= SPAN ? -1 : row * SPAN + column;
  }
}
