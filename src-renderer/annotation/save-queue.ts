/** Saves one after the other, in the order things were done. One that fails holds the others back until it is tried again. */
export interface SaveQueue {
  add(save: () => Promise<void>): void;
  retry(): void;
  /** Saves that are not done yet. */
  readonly pending: number;
  readonly failed: boolean;
  /** Resolves when nothing is left to save; rejects when that cannot be. */
  settled(): Promise<void>;
}

export function createSaveQueue(onChange: (problem: unknown) => void): SaveQueue {
  const waiting: (() => Promise<void>)[] = [];
  let running = false;
  let problem: unknown;
  let waiters: { resolve: () => void; reject: (reason: unknown) => void }[] = [];

  function settle(): void {
    if (running || (waiting.length > 0 && problem === undefined)) return;
    const settled = waiters;
    waiters = [];
    for (const { resolve, reject } of settled) {
      if (problem === undefined) resolve();
      else reject(problem);
    }
  }

  async function run(): Promise<void> {
    if (running || problem !== undefined) return;
    running = true;
    for (let next = waiting[0]; next !== undefined && problem === undefined; next = waiting[0]) {
      try {
        await next();
        waiting.shift();
      } catch (error) {
        problem = error ?? new Error('It could not be saved.');
      }
      onChange(problem);
    }
    running = false;
    settle();
  }

  return {
    add(save) {
      waiting.push(save);
      onChange(problem);
      void run();
    },
    retry() {
      problem = undefined;
      onChange(problem);
      void run();
    },
    get pending() {
      return waiting.length;
    },
    get failed() {
      return problem !== undefined;
    },
    settled: () =>
      new Promise((resolve, reject) => {
        waiters.push({ resolve, reject });
        settle();
      }),
  };
}
