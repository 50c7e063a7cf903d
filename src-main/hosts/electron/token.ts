import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { safeStorage } from 'electron';
import { checkToken, type TokenKeeper, tokenInMemory } from '#main/models/hub/token.ts';

/** Linux without a key store "encrypts" with a password that everybody knows. */
const isSafe = (): boolean =>
  safeStorage.isEncryptionAvailable() &&
  (process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text');

/** Encrypted with a key that the operating system keeps for this person; in memory where there is no such store. */
export function tokenInKeyStore(file: string): TokenKeeper {
  const memory = tokenInMemory();
  if (memory.place === 'environment' || !isSafe()) return memory;
  return {
    place: 'key-store',
    read() {
      if (!existsSync(file)) return null;
      try {
        return safeStorage.decryptString(readFileSync(file));
      } catch {
        // The key is another one: a copied profile, a new account. The person gives the token again.
        return null;
      }
    },
    write(token) {
      if (token === null) rmSync(file, { force: true });
      else writeFileSync(file, safeStorage.encryptString(checkToken(token)), { mode: 0o600 });
    },
  };
}
