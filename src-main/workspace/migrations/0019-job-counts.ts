/** What a job has done is counted ten times a second while it runs, without reading the rows themselves. */
export const jobCounts = `
CREATE INDEX import_item_state ON import_item (job_id, state);
CREATE INDEX result_state ON result (run_id, state);
CREATE INDEX doctor_image_state ON doctor_image (job_id, state);
`;
