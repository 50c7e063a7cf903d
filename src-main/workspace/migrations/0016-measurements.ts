/** Measurements are part of what a reader says of an image. Steps and revisions hold whole documents and need no column. */
export const measurements = `
ALTER TABLE annotation ADD COLUMN measurements TEXT NOT NULL DEFAULT '[]';
`;
