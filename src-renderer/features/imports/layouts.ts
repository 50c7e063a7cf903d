/** The folder layouts an import understands, in words. */
export const layoutWords = {
  folder: 'plain folder',
  bmad: 'BMAD',
  mvtec: 'MVTec AD',
} as const;

export const layouts = [
  { value: 'auto', label: 'Recognise it' },
  { value: 'folder', label: 'Plain folder' },
  { value: 'bmad', label: 'BMAD (train, valid, test; good, Ungood)' },
  { value: 'mvtec', label: 'MVTec AD (train, test, ground_truth)' },
] as const;
