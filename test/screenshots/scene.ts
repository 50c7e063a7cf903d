import type { NidusWindow } from '../e2e/pages/window.ts';
import type { PageClient } from '../support/page-client.ts';

export interface Visit {
  readonly window: NidusWindow;
  readonly client: PageClient;
  go(address: string): Promise<void>;
}

/** A state worth looking at, by the steps that lead to it. */
export interface Scene<S> {
  readonly name: string;
  /** Left out where the stage lacks what it shows. */
  possible?(stage: S): boolean;
  show(visit: Visit & { readonly stage: S }): Promise<void>;
  /** Puts back what the picture needed. */
  after?(visit: Visit & { readonly stage: S }): Promise<void>;
}
