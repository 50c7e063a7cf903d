import type { ImageId, RunId, Study, StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { Connection } from '../database.ts';

interface StudyRow {
  id: StudyId;
  name: string;
  sample: string | null;
  created_at: string;
  normal: number;
  query: number;
  excluded: number;
  masks: number;
}

const counted = `
  SELECT study.*,
    COUNT(*) FILTER (WHERE image.role = 'normal') AS normal,
    COUNT(*) FILTER (WHERE image.role = 'query') AS query,
    COUNT(*) FILTER (WHERE image.role = 'excluded') AS excluded,
    COUNT(*) FILTER (WHERE image.ground_truth = 'drawn') AS masks
  FROM study LEFT JOIN image ON image.study_id = study.id`;

export function studyRepository(db: Connection) {
  const all = db.prepare<[], StudyRow>(
    `${counted} GROUP BY study.id ORDER BY study.created_at DESC, study.id DESC`,
  );
  const one = db.prepare<[StudyId], StudyRow>(`${counted} WHERE study.id = ? GROUP BY study.id`);
  const byName = db.prepare<[string], { id: StudyId }>('SELECT id FROM study WHERE name = ?');
  const bySample = db.prepare<[string], { id: StudyId }>(
    'SELECT id FROM study WHERE sample = ? ORDER BY id LIMIT 1',
  );
  const insert = db.prepare('INSERT INTO study (name, sample, created_at) VALUES (?, ?, ?)');
  const rename = db.prepare('UPDATE study SET name = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM study WHERE id = ?');
  // Abnormal images first: they say more about a study than another normal one.
  const cover = db.prepare<[StudyId], { id: ImageId }>(
    `SELECT id FROM image WHERE study_id = ?
     ORDER BY label = 'abnormal' DESC, role = 'query' DESC, (id * 2654435761) % 1009 LIMIT 4`,
  );
  const latestRun = db.prepare<[StudyId], { id: RunId; figures: string | null }>(
    `SELECT run.id, evaluation.figures FROM run JOIN job ON job.id = run.job_id
     LEFT JOIN evaluation ON evaluation.run_id = run.id AND scale = 'raw' AND scope = 'abnormal'
     WHERE run.study_id = ? AND job.state = 'finished' ORDER BY run.id DESC LIMIT 1`,
  );

  const toStudy = (row: StudyRow): Study => {
    const run = latestRun.get(row.id);
    const figures = run?.figures ? (JSON.parse(run.figures) as { pixel: { auroc: number | null } }) : null;
    return {
      id: row.id,
      name: row.name,
      createdAt: row.created_at,
      sample: row.sample,
      counts: { normal: row.normal, query: row.query, excluded: row.excluded, masks: row.masks },
      cover: cover.all(row.id).map(({ id }) => id),
      latestRun: run ? { id: run.id, pixelAuroc: figures?.pixel.auroc ?? null } : null,
    };
  };

  const get = (id: StudyId): Study => {
    const row = one.get(id);
    if (!row) throw new Failure('not-found', `There is no study ${id}.`);
    return toStudy(row);
  };

  const refuseTakenName = (name: string): void => {
    if (byName.get(name)) throw new Failure('invalid', `There is already a study called "${name}".`);
  };

  return {
    list: (): Study[] => all.all().map(toStudy),
    get,
    findByName: (name: string): StudyId | undefined => byName.get(name)?.id,
    findBySample: (sample: string): StudyId | undefined => bySample.get(sample)?.id,
    create(name: string, sample: string | null = null): StudyId {
      refuseTakenName(name);
      return Number(insert.run(name, sample, new Date().toISOString()).lastInsertRowid) as StudyId;
    },
    rename(id: StudyId, name: string): void {
      if (get(id).name === name) return;
      refuseTakenName(name);
      rename.run(name, id);
    },
    remove: (id: StudyId): void => void remove.run(id),
  };
}
