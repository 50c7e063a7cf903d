import type { JobId } from '#shared/domain.ts';
import { ModelRequest } from '#shared/model-import.ts';
import { Failure } from '#shared/errors.ts';
import type { Connection } from '../database.ts';

/** What jobs that import or download a model were asked for. */
export function modelRequestRepository(db: Connection) {
  const insert = db.prepare<[JobId, string]>('INSERT INTO model_request VALUES (?, ?)');
  const one = db.prepare<[JobId], { request: string }>('SELECT request FROM model_request WHERE job_id = ?');
  const unfinished = db.prepare<[], { job_id: JobId; request: string }>(`
    SELECT job_id, request FROM model_request JOIN job ON job.id = job_id WHERE job.state IN ('queued', 'running')`);
  const last = db.prepare<[string], { job_id: JobId }>(`
    SELECT job_id FROM model_request WHERE request ->> '$.origin.repository' = ? ORDER BY job_id DESC LIMIT 1`);
  const parse = (request: string): ModelRequest => ModelRequest.parse(JSON.parse(request));

  return {
    add: (job: JobId, request: ModelRequest): void => void insert.run(job, JSON.stringify(request)),
    get(job: JobId): ModelRequest {
      const row = one.get(job);
      if (!row) throw new Failure('not-found', `Job ${job} brings no model.`);
      return parse(row.request);
    },
    /** The newest job that downloads a repository. */
    lastOf: (repository: string): JobId | undefined => last.get(repository)?.job_id,
    unfinished: (): ModelRequest[] => unfinished.all().map(({ request }) => parse(request)),
  };
}
