/** Whether an image's pixels stay where they are, so that an interrupted import goes on as it began. */
export const importLinks = `
ALTER TABLE import_item ADD COLUMN link INTEGER NOT NULL DEFAULT 0 CHECK (link IN (0, 1));
`;
