/** How greys run over an image's window where that is no straight line: a sigmoid or the table of a VOI LUT, as JSON. */
export const windowCurves = `
ALTER TABLE image ADD COLUMN window_curve TEXT;
`;
