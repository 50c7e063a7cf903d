import { Failure } from '#shared/errors.ts';
import type { FitReport } from './method-runner.ts';

interface Ticket {
  done: number;
  total: number;
  cancelled: boolean;
}

/** Milliseconds of work between two turns of others. */
const turn = 25;

/** Fits under way, by the name that whoever waits for one gave it. */
export function fitTickets() {
  const tickets = new Map<string, Ticket>();
  return {
    progress(name: string): { done: number; total: number } | null {
      const ticket = tickets.get(name);
      return ticket ? { done: ticket.done, total: ticket.total } : null;
    },
    cancel(name: string): void {
      const ticket = tickets.get(name);
      if (ticket) ticket.cancelled = true;
    },
    /** Runs a fit under a name. */
    async during<T>(name: string, work: (report: FitReport) => Promise<T>): Promise<T> {
      const ticket: Ticket = { done: 0, total: 0, cancelled: false };
      tickets.set(name, ticket);
      let last = performance.now();
      try {
        return await work({
          async step(done, total) {
            ticket.done = done;
            ticket.total = total;
            if (performance.now() - last > turn) {
              await new Promise((resolve) => setImmediate(resolve));
              last = performance.now();
            }
            if (ticket.cancelled) throw new Failure('cancelled', 'The fit was cancelled.');
          },
        });
      } finally {
        tickets.delete(name);
      }
    },
  };
}

export type FitTickets = ReturnType<typeof fitTickets>;
