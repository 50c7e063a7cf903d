/** Which commands want the same keys at the same time. Pure. */
import type { KnownCommand } from './known-commands.ts';

export interface Bound {
  readonly command: KnownCommand;
  /** In force. */
  readonly keys: readonly string[];
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Other commands that have these keys and can be offered together with this one. */
export function rivalsOf(
  command: Pick<KnownCommand, 'id' | 'group'>,
  keys: string,
  all: readonly Bound[],
  meet: (a: string, b: string) => boolean,
): KnownCommand[] {
  return all
    .filter(
      ({ command: other, keys: theirs }) =>
        other.id !== command.id && meet(command.group, other.group) && theirs.some((one) => same(one, keys)),
    )
    .map(({ command }) => command);
}
