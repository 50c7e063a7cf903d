/** Where an import's images lie, as the end of "12 images ...". */
export const layoutWords = {
  folder: 'in a plain folder',
  bmad: 'in the layout BMAD',
  mvtec: 'in the layout MVTec AD',
} as const;

export const layouts = [
  { value: 'auto', label: 'Recognise it' },
  { value: 'folder', label: 'Plain folder' },
  { value: 'bmad', label: 'BMAD (train, valid, test; good, Ungood)' },
  { value: 'mvtec', label: 'MVTec AD (train, test, ground_truth)' },
] as const;
