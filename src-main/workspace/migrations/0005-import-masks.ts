/** An image may have several mask files (MVTec LOCO), and belongs to a patient, part or lot. */
export const importMasks = `
ALTER TABLE import_item ADD COLUMN patient TEXT;
ALTER TABLE import_item ADD COLUMN mask_paths TEXT NOT NULL DEFAULT '[]';
UPDATE import_item SET mask_paths = json_array(mask_path) WHERE mask_path IS NOT NULL;
ALTER TABLE import_item DROP COLUMN mask_path;
CREATE INDEX image_by_pixels ON image (study_id, pixels_sha256);
`;
