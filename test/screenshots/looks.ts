/** The windows and themes that pictures are taken in. */
export interface Look {
  readonly name: string;
  readonly theme: 'dark' | 'light';
  readonly viewport: { readonly width: number; readonly height: number };
  readonly deviceScaleFactor: number;
}

const screens = [
  { name: '1280x800', viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 },
  { name: '1920x1080', viewport: { width: 1920, height: 1080 }, deviceScaleFactor: 1 },
  // The same small screen where the system draws everything a quarter larger.
  { name: '1280x800-at-125', viewport: { width: 1024, height: 640 }, deviceScaleFactor: 1.25 },
  { name: '1920x1080-at-200', viewport: { width: 960, height: 540 }, deviceScaleFactor: 2 },
] as const;

export const allLooks: readonly Look[] = screens.flatMap(({ name, ...screen }) => [
  { ...screen, theme: 'dark', name: `dark-${name}` },
  { ...screen, theme: 'light', name: `light-${name}` },
]);

/** What the documents show. */
export const documentLook: Look = {
  name: 'documents',
  theme: 'dark',
  viewport: { width: 1440, height: 900 },
  deviceScaleFactor: 1,
};
