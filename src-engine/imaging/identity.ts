import { createHmac } from 'node:crypto';
import type { IdentityRule } from '#shared/engine-protocol.ts';

/** Replaces what names a person or a machine, always by the same in one workspace. */
export interface Identity {
  /** A UID under the arc for UUIDs (PS3.5 B.2), so that it is a valid one. */
  uid(original: string): string;
  /** A short key. */
  patient(id: string): string;
  readonly kept: ReadonlySet<string>;
  readonly isHidden: boolean;
}

/**
 * PS3.15 annex E, basic profile, as far as it concerns what Nidus keeps: nothing but pixels, geometry, values and windows
 * is taken over, UIDs and patient become keyed hashes (HMAC-SHA-256), and only what `keep` names stays as it was.
 */
export function identityOf(rule: IdentityRule): Identity {
  const kept = new Set<string>(rule.keep);
  if (rule.secret === null) {
    return { uid: (original) => original, patient: (id) => id, kept, isHidden: false };
  }
  const { secret } = rule;
  const digest = (kind: string, value: string) =>
    createHmac('sha256', secret).update(`${kind} ${value}`).digest('hex');
  return {
    uid: (original) =>
      kept.has('uids') ? original : `2.25.${BigInt(`0x${digest('uid', original).slice(0, 32)}`)}`,
    patient: (id) => `P-${digest('patient', id).slice(0, 10)}`,
    kept,
    isHidden: true,
  };
}
