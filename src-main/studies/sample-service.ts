import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { JobId, Sample, StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { ImportService } from '#main/imports/import-service.ts';
import type { Workspace } from '#main/workspace/workspace.ts';

const SampleList = z.array(
  z.object({
    id: z.string().regex(/^[a-z0-9-]+$/),
    title: z.string(),
    description: z.string(),
    folder: z.string(),
    layout: z.enum(['bmad', 'mvtec']),
    counts: z.object({ normals: z.int(), queries: z.int() }),
    cover: z.array(z.string()),
  }),
);

/** The sample studies that come with Nidus: synthetic phantoms made by `resources/samples/generate.ts`. */
export function sampleService(folder: string, workspace: Workspace, imports: ImportService) {
  const { studies } = workspace;
  const samples = SampleList.parse(JSON.parse(readFileSync(join(folder, 'samples.json'), 'utf8')));
  const find = (id: string) => {
    const sample = samples.find((candidate) => candidate.id === id);
    if (!sample) throw new Failure('not-found', `There is no sample "${id}".`);
    return sample;
  };
  const freeName = (title: string): string => {
    if (studies.findByName(title) === undefined) return title;
    let number = 2;
    while (studies.findByName(`${title} ${number}`) !== undefined) number += 1;
    return `${title} ${number}`;
  };

  return {
    list: (): Sample[] =>
      samples.map(({ id, title, description, counts }) => ({
        id,
        title,
        description,
        normals: counts.normals,
        queries: counts.queries,
        studyId: studies.findBySample(id) ?? null,
      })),
    /** The sample's study; made and imported the first time. */
    async open(id: string): Promise<{ studyId: StudyId; jobId: JobId | null }> {
      const sample = find(id);
      const present = studies.findBySample(id);
      if (present !== undefined) return { studyId: present, jobId: null };
      const request = { paths: [join(folder, sample.folder)], layout: sample.layout, role: 'query' as const };
      return imports.start(request, { name: freeName(sample.title), sample: id });
    },
    /** Paths of a few pictures that show what the sample is. */
    cover: (id: string): string[] => find(id).cover.map((name) => join(folder, name)),
  };
}

export type SampleService = ReturnType<typeof sampleService>;
