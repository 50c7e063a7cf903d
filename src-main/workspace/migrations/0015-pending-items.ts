/** The next items of a large import without stepping over all that are done. */
export const pendingItems = `
CREATE INDEX import_item_pending ON import_item (job_id, position) WHERE state = 'pending';
`;
