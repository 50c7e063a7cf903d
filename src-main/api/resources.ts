import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { anomalyMap } from '#shared/anomaly-map.ts';
import { Reader } from '#shared/annotation.ts';
import { ImageId, JobId, RunId, Scale, Scope, StudyId } from '#shared/domain.ts';
import { Failure, toFailure, traceOf } from '#shared/errors.ts';
import { SweepId } from '#shared/sweep.ts';
import { curvesCsv } from '#main/reports/curves-csv.ts';
import type { Reading } from '#shared/reading.ts';
import { readingsCsv } from '#main/reports/readings-csv.ts';
import { evaluationCsv } from '#main/reports/evaluation-csv.ts';
import type { Services } from '#main/services.ts';
import { storeUpload } from '#main/imports/uploads.ts';

/** Content under a hash never changes; what an id shows might. */
const forAWhile = { 'cache-control': 'private, max-age=3600' };

const imageId = (text: string): ImageId => ImageId.parse(Number(text));
const jobId = (text: string): JobId => JobId.parse(Number(text));
const runId = (text: string): RunId => RunId.parse(Number(text));

/** The binary routes of `src-shared/routes.ts`. */
export function resources(services: Services) {
  const { workspace } = services;
  const { thumbnails } = workspace.folders;
  const app = new Hono();

  app.onError((error) => {
    if (error instanceof HTTPException) return error.getResponse();
    if (error instanceof z.ZodError) return new Response('Not found', { status: 404 });
    const failure = toFailure(error);
    if (failure.kind === 'bug') console.error(traceOf(error));
    return new Response(failure.message, {
      status: failure.kind === 'not-found' ? 404 : failure.kind === 'bug' ? 500 : 422,
    });
  });

  app.get('/pixels/:id', async ({ req }) => {
    const { pixels } = workspace.images.get(imageId(req.param('id')));
    return new Response(await services.pixels.ofImage(pixels), {
      headers: { 'content-type': 'application/octet-stream', ...forAWhile },
    });
  });

  app.get('/masks/:id', async ({ req }) => {
    const { truth, name } = workspace.images.get(imageId(req.param('id')));
    if (truth.kind !== 'drawn') throw new Failure('not-found', `${name} has no drawn ground truth.`);
    return new Response(await services.pixels.ofMask(truth.sha256), {
      headers: { 'content-type': 'application/octet-stream' },
    });
  });

  app.get('/overlays/:id', async ({ req }) => {
    const { overlaySha256, name } = workspace.images.get(imageId(req.param('id')));
    if (overlaySha256 === null) throw new Failure('not-found', `${name} has no overlay.`);
    return new Response(await services.pixels.ofMask(overlaySha256), {
      headers: { 'content-type': 'application/octet-stream', ...forAWhile },
    });
  });

  app.get('/annotations/:id', async ({ req }) => {
    const id = imageId(req.param('id'));
    const labels = await services.annotations.labels(id, Reader.parse(req.query('reader')));
    if (!labels) throw new Failure('not-found', `Nothing is drawn on ${workspace.images.get(id).name}.`);
    return new Response(new Uint8Array(labels), { headers: { 'content-type': 'application/octet-stream' } });
  });

  app.get('/annotations/:id/:file{[0-9]+\\.png}', async ({ req }) => {
    const segment = Number(req.param('file').replace('.png', ''));
    const id = imageId(req.param('id'));
    const png = await services.exports.segment(id, Reader.parse(req.query('reader')), segment);
    if (!png) throw new Failure('not-found', `Nothing is drawn on ${workspace.images.get(id).name}.`);
    return new Response(new Uint8Array(png), { headers: { 'content-type': 'image/png' } });
  });

  app.get('/readings/:file{[0-9]+\\.csv}', ({ req }) => {
    const study = StudyId.parse(Number(req.param('file').replace('.csv', '')));
    const scoreOf = ({ runId, imageId }: Reading) =>
      runId === null ? null : (workspace.results.score(runId, imageId)?.imageScore ?? null);
    const table = readingsCsv(
      workspace.readings.ofStudy(study),
      ({ imageId }) => workspace.images.get(imageId),
      scoreOf,
    );
    return new Response(table, {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="nidus-verdicts-${study}.csv"`,
      },
    });
  });

  app.get('/thumbnails/:id', async ({ req }) => {
    const { sha256 } = workspace.images.get(imageId(req.param('id'))).pixels;
    const bytes = await readFile(join(thumbnails, sha256.slice(0, 2), `${sha256}.webp`));
    return new Response(new Uint8Array(bytes), { headers: { 'content-type': 'image/webp', ...forAWhile } });
  });

  app.get('/samples/:id/cover/:index', async ({ req }) => {
    const path = services.samples.cover(req.param('id'))[Number(req.param('index'))];
    if (path === undefined) throw new Failure('not-found', 'There is no such sample picture.');
    const type = path.endsWith('.jpg') ? 'image/jpeg' : 'image/png';
    return new Response(new Uint8Array(await readFile(path)), {
      headers: { 'content-type': type, ...forAWhile },
    });
  });

  app.get('/maps/:run/:image', ({ req }) => {
    const score = workspace.results.score(runId(req.param('run')), imageId(req.param('image')));
    if (!score) throw new Failure('not-found', 'This image has not been scored in this run.');
    const { rows, columns, data } = anomalyMap(score.scores, score.foreground, 'raw');
    return new Response(new Uint8Array(data.buffer as ArrayBuffer), {
      headers: { 'content-type': 'application/octet-stream', 'x-nidus-grid': `${rows},${columns}` },
    });
  });

  app.get('/hot-spots/:job/:image', ({ req }) => {
    const map = services.doctor.map(jobId(req.param('job')), imageId(req.param('image')));
    if (!map) throw new Failure('not-found', 'This image has no leave-one-out scores.');
    return new Response(new Uint8Array(map.data.buffer as ArrayBuffer), {
      headers: {
        'content-type': 'application/octet-stream',
        'x-nidus-grid': `${map.rows},${map.columns}`,
        ...forAWhile,
      },
    });
  });

  app.get('/reports/:file{[0-9]+\\.pdf}', async ({ req }) => {
    const run = runId(req.param('file').replace('.pdf', ''));
    const pdf = await services.reports.pdf(run, Scale.catch('raw').parse(req.query('scale')), {
      namesHidden: req.query('names') === 'hidden',
    });
    return new Response(new Uint8Array(pdf), {
      headers: {
        'content-type': 'application/pdf',
        'content-disposition': `attachment; filename="nidus-run-${run}.pdf"`,
      },
    });
  });

  app.get('/evaluations/:file{[0-9]+\\.csv}', async ({ req }) => {
    const run = runId(req.param('file').replace('.csv', ''));
    const evaluation = await services.evaluations.get(
      run,
      Scale.catch('raw').parse(req.query('scale')),
      Scope.catch('abnormal').parse(req.query('scope')),
    );
    return new Response(evaluationCsv(evaluation, workspace.runs.get(run)), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="nidus-run-${run}.csv"`,
      },
    });
  });

  app.get('/bundles/:file{[0-9]+\\.zip}', async ({ req }) => {
    const id = SweepId.parse(Number(req.param('file').replace('.zip', '')));
    return new Response(new Uint8Array(await services.bundles.zip(id)), {
      headers: {
        'content-type': 'application/zip',
        'content-disposition': `attachment; filename="nidus-sweep-${id}.zip"`,
      },
    });
  });

  app.get('/evaluations/:run/curves.csv', async ({ req }) => {
    const run = runId(req.param('run'));
    const scale = Scale.catch('raw').parse(req.query('scale'));
    const scope = Scope.catch('abnormal').parse(req.query('scope'));
    const evaluation = await services.evaluations.get(run, scale, scope);
    const froc = await services.evaluations.froc(run, { scale, scope });
    return new Response(curvesCsv(evaluation, froc), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="nidus-run-${run}-curves.csv"`,
      },
    });
  });

  app.get('/adapters/:file{[0-9a-f]{64}\\.nidus-adapter}', async ({ req }) => {
    const sha256 = req.param('file').slice(0, 64);
    workspace.adapters.get(sha256);
    return new Response(new Uint8Array(await readFile(services.adapters.pathOf(sha256))), {
      headers: { 'content-type': 'application/octet-stream' },
    });
  });

  app.put('/uploads/:batch', async ({ req }) => {
    const folder = await storeUpload(
      workspace.folders.incoming,
      req.param('batch'),
      req.query('path') ?? '',
      req.raw.body,
    );
    return Response.json({ folder });
  });

  return app;
}
