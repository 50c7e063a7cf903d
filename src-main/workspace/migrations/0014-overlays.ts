/** What a DICOM file draws over an image: a blob of 0 and 1 like a mask. */
export const overlays = `
ALTER TABLE image ADD COLUMN overlay_sha256 TEXT;
`;
