import { createHash, randomBytes } from 'node:crypto';

/** Who may talk to the browser host: a token opens it once, a session keeps it open. Both live in memory alone. */
export class Sessions {
  readonly #tokens = new Set<string>();
  readonly #sessions = new Set<string>();

  /** A new token for one address. */
  issueToken(): string {
    return remember(this.#tokens);
  }

  /** A session for a token that was never used; null for any other. */
  redeem(token: string): string | null {
    return this.#tokens.delete(digest(token)) ? remember(this.#sessions) : null;
  }

  holds(session: string): boolean {
    return this.#sessions.has(digest(session));
  }
}

/** Kept as digests, so that looking one up takes the same time whatever was guessed right of it. */
function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

function remember(secrets: Set<string>): string {
  const secret = randomBytes(32).toString('base64url');
  secrets.add(digest(secret));
  return secret;
}
