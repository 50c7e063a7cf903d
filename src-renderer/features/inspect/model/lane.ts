/** Why a request was never sent: a newer one took its place. Not an error to show. */
export class Superseded extends Error {
  constructor() {
    super('A newer request took its place.');
    this.name = 'Superseded';
  }
}

/** One request at a time; while it runs only the newest of the others waits. */
export interface Lane {
  /** Settles like the task, or rejects with `Superseded` when a newer request replaced it while it waited. */
  run<Result>(task: () => Promise<Result>): Promise<Result>;
  readonly busy: boolean;
}

export function createLane(): Lane {
  let busy = false;
  let waiting: { start: () => void; drop: () => void } | null = null;

  function settle(): void {
    busy = false;
    const next = waiting;
    waiting = null;
    next?.start();
  }

  return {
    run: (task) =>
      new Promise((resolve, reject) => {
        const start = (): void => {
          busy = true;
          task().then(resolve, reject).finally(settle);
        };
        if (!busy) return start();
        waiting?.drop();
        waiting = { start, drop: () => reject(new Superseded()) };
      }),
    get busy() {
      return busy;
    },
  };
}
