import { sortFloats } from './sort-floats.ts';

const smallestRun = 1 << 16;
const largestRun = 1 << 24;

/** Float32 values appended block by block and never copied again: kept in runs, each sorted on its own. */
export class FloatRuns {
  private readonly rooms: Float32Array[] = [];
  /** Values in the last run; the others are full. */
  private used = 0;
  private total = 0;
  private readonly expected: number;

  /** Few runs are quicker to search than many: `expected` values share as few as possible. */
  constructor(expected: number) {
    this.expected = expected;
  }

  get length(): number {
    return this.total;
  }

  append(values: Float32Array): void {
    let rest = values;
    while (rest.length > 0) {
      const room = this.roomForMore();
      const part = rest.subarray(0, room.length - this.used);
      room.set(part, this.used);
      this.used += part.length;
      this.total += part.length;
      rest = rest.subarray(part.length);
    }
  }

  /** All values, in runs that ascend each. */
  sorted(): Float32Array[] {
    const last = this.rooms.length - 1;
    return this.rooms.map((room, i) => sortFloats(i === last ? room.subarray(0, this.used) : room));
  }

  private roomForMore(): Float32Array {
    const last = this.rooms.at(-1);
    if (last && this.used < last.length) return last;
    const wanted = Math.max(this.expected - this.total, this.total, smallestRun);
    const room = new Float32Array(Math.min(wanted, largestRun));
    this.rooms.push(room);
    this.used = 0;
    return room;
  }
}
