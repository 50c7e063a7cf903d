/**
 * A name for a model from where its weights lie: the folder's own, or the repository's in a download cache, whose folders
 * are called `models--owner--repository/snapshots/<commit>`.
 */
export function suggestedModelName(folder: string): string {
  const parts = folder.split(/[\\/]/).filter((part) => part !== '');
  const cached = parts.findLast((part) => part.startsWith('models--'));
  const name = cached?.split('--').at(-1) ?? parts.at(-1) ?? '';
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .slice(0, 64)
    .replace(/^[._-]+/, '')
    .replace(/[._-]+$/, '');
  return plain === '' ? 'model' : plain;
}
