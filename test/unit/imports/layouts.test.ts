import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { detectLayout, planImport } from '#main/imports/layouts/plan.ts';
import { guessMeaning } from '#main/imports/layouts/folder.ts';
import type { PictureLayout, PlannedImage } from '#main/imports/layouts/plan.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'nidus-layouts-'));
});
afterEach(() => rm(root, { recursive: true }));

/** Empty files: layouts look at names only. */
async function files(...names: string[]) {
  for (const name of names) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), '');
  }
}

const planned = async (layout: PictureLayout | 'auto' = 'auto') => planImport([root], { layout });
const names = (items: readonly PlannedImage[]) => items.map(({ name }) => name);
const maskOf = (items: readonly PlannedImage[], name: string) => {
  const { maskPaths, mask } = items.find((item) => item.name === name)!;
  return maskPaths.length === 0 ? mask : maskPaths.map((path) => path.slice(root.length + 1)).join(' + ');
};

describe('plain folder', () => {
  test('images in natural order, all unlabelled, with the role asked for', async () => {
    await files('s10.png', 's9.PNG', 's1.jpg', 'deep/er/a.tif', 'noextension', '1.2.840.10008');
    const { layout, items } = await planned();
    expect(layout).toBe('folder');
    expect(names(items)).toEqual([
      '1.2.840.10008',
      'deep/er/a.tif',
      'noextension',
      's1.jpg',
      's9.PNG',
      's10.png',
    ]);
    expect(items[0]).toEqual({
      path: join(root, '1.2.840.10008'),
      name: '1.2.840.10008',
      role: 'query',
      label: 'unknown',
      split: null,
      defect: null,
      patient: null,
      maskPaths: [],
      mask: 'unknown',
    });
    const normals = await planImport([root], { layout: 'folder', role: 'normal' });
    expect(new Set(normals.items.map(({ role }) => role))).toEqual(new Set(['normal']));
  });

  test('hidden files and files that are not images are counted and left out', async () => {
    await files(
      'a.png',
      '.hidden.png',
      '._a.png',
      'notes.txt',
      'more.txt',
      'README',
      '.git/x.png',
      '__MACOSX/a.png',
    );
    const plan = await planned();
    expect(names(plan.items)).toEqual(['a.png']);
    expect(plan.ignored).toBe(5);
    expect(plan.warnings).toEqual([
      '5 files that are not images were left out (2 hidden, 2 .txt, 1 README).',
    ]);
  });

  test('links are followed, circles and broken ones do no harm', async () => {
    await files('a/1.png', 'elsewhere/2.png');
    await symlink(root, join(root, 'a', 'up'));
    await symlink(join(root, 'a', '1.png'), join(root, 'link.png'));
    await symlink(join(root, 'nowhere'), join(root, 'broken'));
    const plan = await planned();
    expect(names(plan.items)).toEqual(['a/1.png', 'elsewhere/2.png', 'link.png']);
    expect(plan.warnings).toEqual([`${join(root, 'broken')} could not be read: it leads nowhere.`]);
  });

  // The superuser may read everything.
  test.skipIf(process.getuid?.() === 0)('a folder without permission is a warning', async () => {
    await files('a.png', 'locked/b.png');
    await chmod(join(root, 'locked'), 0);
    const plan = await planned();
    await chmod(join(root, 'locked'), 0o700);
    expect(names(plan.items)).toEqual(['a.png']);
    expect(plan.warnings).toEqual([`${join(root, 'locked')} could not be read: no permission.`]);
  });

  test('names are NFC, paths stay as the file system has them', async () => {
    const decomposed = 'Scha\u0308del 図.png';
    await files(decomposed);
    const { items } = await planned();
    expect(items[0]).toMatchObject({ name: 'Sch\u00e4del 図.png', path: join(root, decomposed) });
    expect(await readFile(items[0]!.path)).toHaveLength(0);
  });

  test('spellings of one name that Unicode takes for the same are told apart', async () => {
    await files('e\u0301.png', '\u00e9.png');
    expect(names((await planned()).items)).toEqual(['\u00e9.png', '\u00e9 (2).png']);
  });

  test('several files and folders: base names, longer ones where those collide, no file twice', async () => {
    await files('a/1.png', 'b/1.png', 'c/1.png', 'c/d/2.png', 'notes.txt');
    const chosen = ['a/1.png', 'b/1.png', 'c', 'c/1.png', 'notes.txt'].map((name) => join(root, name));
    const plan = await planImport(chosen, { layout: 'auto' });
    expect(plan.root).toBe(root);
    expect(names(plan.items)).toEqual(['a/1.png', 'b/1.png', 'c/1.png', 'c/d/2.png', 'notes.txt']);
    expect(new Set(plan.items.map(({ path }) => path)).size).toBe(plan.items.length);
    const one = await planImport([chosen[0]!], { layout: 'auto' });
    expect(one).toMatchObject({ layout: 'folder', root: join(root, 'a'), items: [{ name: '1.png' }] });
  });

  test('no images, no such folder', async () => {
    await files('notes.txt');
    await expect(planned()).rejects.toMatchObject({
      kind: 'invalid',
      message: `No images were found in ${root}. 1 file that is not an image was left out (1 .txt).`,
    });
    await expect(planImport([join(root, 'gone')], { layout: 'auto' })).rejects.toMatchObject({
      kind: 'not-found',
      message: `${join(root, 'gone')} does not exist.`,
    });
  });
});

describe('BMAD', () => {
  test('splits, roles, labels and masks; upper and lower case alike; img folder or none in train', async () => {
    await files(
      'Train/good/img/1.png',
      'valid/good/img/2.png',
      'valid/good/label/2.png',
      'valid/Ungood/img/3.png',
      'valid/Ungood/label/3.png',
      'test/good/img/4.png',
      'test/ungood/img/5.png',
      'test/ungood/anomaly_mask/5.png',
      'test/ungood/img/6.png',
    );
    const { layout, items, warnings } = await planned();
    expect(layout).toBe('bmad');
    const rows = items.map(({ name, role, label, split, mask }) =>
      [name, role, label, split, mask].join(' '),
    );
    expect(rows).toEqual([
      'test/good/img/4.png query normal test empty',
      'test/ungood/img/5.png query abnormal test file',
      'test/ungood/img/6.png query abnormal test unknown',
      'Train/good/img/1.png normal normal train empty',
      'valid/good/img/2.png excluded normal valid empty',
      'valid/Ungood/img/3.png excluded abnormal valid file',
    ]);
    expect(maskOf(items, 'test/ungood/img/5.png')).toBe(join('test', 'ungood', 'anomaly_mask', '5.png'));
    expect(warnings).toEqual(['1 abnormal image has no mask, for example test/ungood/img/6.png.']);
  });

  test('a lesion among the training images never becomes a reference', async () => {
    await files('train/good/1.png', 'train/Ungood/2.png', 'test/good/img/3.png');
    const { items, warnings } = await planned();
    expect(items.find(({ name }) => name === 'train/Ungood/2.png')).toMatchObject({ role: 'excluded' });
    expect(warnings.join()).toMatch(/train\/Ungood are excluded/);
  });

  test('asked for where it is not', async () => {
    await files('a.png');
    await expect(planned('bmad')).rejects.toMatchObject({
      kind: 'invalid',
      message: /is not laid out like BMAD/,
    });
  });
});

describe('MVTec AD', () => {
  const category = [
    'train/good/000.png',
    'test/good/000.png',
    'test/crack/000.png',
    'test/crack/001.png',
    'test/hole/000.jpg',
    'ground_truth/crack/000_mask.png',
    'ground_truth/hole/000.png',
  ];

  test('defect types and masks by stem, with or without _mask', async () => {
    await files(...category);
    const { layout, items } = await planned();
    expect(layout).toBe('mvtec');
    expect(items.find(({ name }) => name === 'test/crack/000.png')).toMatchObject({
      role: 'query',
      label: 'abnormal',
      split: 'test',
      defect: 'crack',
    });
    expect(maskOf(items, 'test/crack/000.png')).toBe(join('ground_truth', 'crack', '000_mask.png'));
    expect(maskOf(items, 'test/hole/000.jpg')).toBe(join('ground_truth', 'hole', '000.png'));
    expect(maskOf(items, 'test/crack/001.png')).toBe('unknown');
    expect(maskOf(items, 'test/good/000.png')).toBe('empty');
    expect(items.find(({ name }) => name === 'train/good/000.png')).toMatchObject({
      role: 'normal',
      defect: null,
    });
  });

  test('a folder of categories is descended into, what does not fit is named', async () => {
    await files(
      ...category.map((name) => `bottle/${name}`),
      ...category.map((name) => `cable/${name}`),
      'docs/x.png',
    );
    const { layout, items, warnings } = await planned();
    expect(layout).toBe('mvtec');
    expect(items).toHaveLength(10);
    expect(items[0]!.name).toBe('bottle/test/crack/000.png');
    expect(warnings).toContain('Left out, because not laid out like MVTec AD: docs.');
  });
});

describe('the trees in which BMAD circulates', () => {
  const rows = (items: readonly PlannedImage[]) =>
    items.map(({ name, role, label, mask }) => [name, role, label, mask].join(' '));

  test('without masks, as its chest, OCT and histopathology sets are', async () => {
    await files('train/good/1.png', 'valid/Ungood/2.png', 'test/good/3.png', 'test/Ungood/4.png');
    const { layout, items } = await planned();
    expect(layout).toBe('bmad');
    expect(rows(items)).toEqual([
      'test/good/3.png query normal empty',
      'test/Ungood/4.png query abnormal unknown',
      'train/good/1.png normal normal empty',
      'valid/Ungood/2.png excluded abnormal unknown',
    ]);
  });

  test('the few-shot copies without train, in a folder of their own', async () => {
    await files(
      'data/Brain_AD/valid/good/img/1.png',
      'data/Brain_AD/test/Ungood/img/2.png',
      'data/Brain_AD/test/Ungood/anomaly_mask/2.png',
    );
    const { layout, items } = await planned();
    expect(layout).toBe('bmad');
    expect(rows(items)).toEqual([
      'data/Brain_AD/test/Ungood/img/2.png query abnormal file',
      'data/Brain_AD/valid/good/img/1.png excluded normal empty',
    ]);
  });

  test('masks in ground_truth, as converters write them', async () => {
    await files('train/good/1.png', 'test/Ungood/2.png', 'ground_truth/Ungood/2_mask.png');
    const { items } = await planned();
    expect(maskOf(items, 'test/Ungood/2.png')).toBe(join('ground_truth', 'Ungood', '2_mask.png'));
  });
});

describe('the other industrial data sets', () => {
  test('MVTec LOCO: a folder of masks for each image, and validation images kept out', async () => {
    await files(
      'train/good/000.png',
      'validation/good/000.png',
      'test/good/000.png',
      'test/logical_anomalies/000.png',
      'ground_truth/logical_anomalies/000/000.png',
      'ground_truth/logical_anomalies/000/001.png',
    );
    const { layout, items } = await planned();
    expect(layout).toBe('mvtec-loco');
    expect(maskOf(items, 'test/logical_anomalies/000.png')).toBe(
      ['000.png', '001.png']
        .map((name) => join('ground_truth', 'logical_anomalies', '000', name))
        .join(' + '),
    );
    expect(items.find(({ split }) => split === 'valid')).toMatchObject({ role: 'excluded', label: 'normal' });
  });

  test('MVTec AD 2: public, private and mixed test images', async () => {
    await files(
      'can/train/good/000_regular.png',
      'can/validation/good/000_regular.png',
      'can/test_public/good/000_regular.png',
      'can/test_public/bad/000_overexposed.png',
      'can/test_public/ground_truth/bad/000_overexposed_mask.png',
      'can/test_private/000_regular.png',
      'can/test_private_mixed/000_mixed.png',
    );
    const { layout, items } = await planned();
    expect(layout).toBe('mvtec-ad-2');
    expect(items).toHaveLength(6);
    expect(items.find(({ name }) => name.includes('/bad/'))).toMatchObject({
      role: 'query',
      label: 'abnormal',
      mask: 'file',
    });
    expect(items.filter(({ label }) => label === 'unknown').map(({ role }) => role)).toEqual([
      'query',
      'query',
    ]);
  });

  const visa = [
    'candle/Data/Images/Normal/0000.JPG',
    'candle/Data/Images/Normal/0001.JPG',
    'candle/Data/Images/Anomaly/000.JPG',
    'candle/Data/Masks/Anomaly/000.png',
  ];

  test('VisA as published: the one-class split and the kinds of defect', async () => {
    await files(...visa);
    await mkdir(join(root, 'split_csv'));
    await writeFile(
      join(root, 'split_csv', '1cls.csv'),
      [
        'object,split,label,image,mask',
        'candle,train,normal,candle/Data/Images/Normal/0000.JPG,',
        'candle,test,normal,candle/Data/Images/Normal/0001.JPG,',
        'candle,test,anomaly,candle/Data/Images/Anomaly/000.JPG,candle/Data/Masks/Anomaly/000.png',
      ].join('\n'),
    );
    await writeFile(
      join(root, 'candle', 'image_anno.csv'),
      'image,label,mask\ncandle/Data/Images/Anomaly/000.JPG,"chunk of wax missing",candle/Data/Masks/Anomaly/000.png\n',
    );
    const { layout, items, warnings } = await planned();
    expect(layout).toBe('visa');
    expect(warnings).toEqual([]);
    expect(items.map(({ role, label, defect }) => [role, label, defect])).toEqual([
      ['query', 'abnormal', 'chunk of wax missing'],
      ['normal', 'normal', null],
      ['query', 'normal', null],
    ]);
    expect((await planImport([join(root, 'candle')], { layout: 'visa' })).items).toHaveLength(3);
  });

  test('VisA without its split says what it does instead; the prepared one has the layout of MVTec AD', async () => {
    await files(...visa);
    const { items, warnings } = await planned();
    expect(items.filter(({ role }) => role === 'normal')).toHaveLength(2);
    expect(warnings).toEqual([
      'split_csv/1cls.csv is missing beside candle: all of its normal images become references.',
    ]);
    await rm(join(root, 'candle'), { recursive: true });
    await files(
      '1cls/candle/train/good/0.JPG',
      '1cls/candle/test/bad/1.JPG',
      '1cls/candle/ground_truth/bad/1.png',
    );
    expect((await planned('visa')).items.map(({ mask }) => mask)).toEqual(['file', 'empty']);
  });
});

describe('a plain folder with meanings', () => {
  test('the innermost folder decides, and masks are found by stem, the nearest first', async () => {
    await files(
      'line-1/ok/a.png',
      'line-1/ng/b.png',
      'line-1/masks/b.png',
      'line-2/ng/b.png',
      'line-2/masks/b_mask.png',
      'line-2/ng/old/c.png',
    );
    const { items } = await planImport([root], {
      layout: 'folder',
      mapping: {
        'line-1/ok': 'normal',
        'line-1/ng': 'abnormal',
        'line-2/ng': 'abnormal',
        'line-2/ng/old': 'skip',
        'line-1/masks': 'masks',
        'line-2/masks': 'masks',
      },
    });
    expect(items.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'line-1/ng/b.png query',
      'line-1/ok/a.png normal',
      'line-2/ng/b.png query',
    ]);
    expect(maskOf(items, 'line-1/ng/b.png')).toBe(join('line-1', 'masks', 'b.png'));
    expect(maskOf(items, 'line-2/ng/b.png')).toBe(join('line-2', 'masks', 'b_mask.png'));
  });

  test.each([
    ['data/good', 'normal'],
    ['test/good', 'normal-query'],
    ['train/defects', 'abnormal'],
    ['ng/gt', 'masks'],
    ['photos', undefined],
  ])('%s looks like %s', (folder, meaning) => {
    expect(guessMeaning(folder)).toBe(meaning);
  });
});

describe('a CSV manifest', () => {
  const manifest = async (...lines: string[]) => {
    const file = join(root, 'parts.csv');
    await writeFile(file, lines.join('\n'));
    return (await planImport([file], { layout: 'auto' })).items;
  };

  test('every column, semicolons and quotes, paths relative to it', async () => {
    const items = await manifest(
      '\uFEFFImage;Mask;Label;Split;Defect;Lot',
      'a.png;;good;train;;7',
      '"sub/b, c.png";sub/b.png;NG;test;scratch;8',
    );
    expect(items).toEqual([
      {
        path: join(root, 'a.png'),
        name: 'a.png',
        role: 'normal',
        label: 'normal',
        split: 'train',
        defect: null,
        patient: '7',
        maskPaths: [],
        mask: 'empty',
      },
      {
        path: join(root, 'sub/b, c.png'),
        name: 'sub/b, c.png',
        role: 'query',
        label: 'abnormal',
        split: 'test',
        defect: 'scratch',
        patient: '8',
        maskPaths: [join(root, 'sub/b.png')],
        mask: 'file',
      },
    ]);
  });

  test('refused with line and value', async () => {
    await expect(manifest('image,label', 'a.png,good', 'b.png,constructor')).rejects.toThrow(
      'parts.csv, line 3: label "constructor" is none of normal, abnormal, unknown.',
    );
    await expect(manifest('name,label', 'a.png,good')).rejects.toThrow('the column "image" is missing');
    await expect(manifest('image,label', 'a.png')).rejects.toThrow(/parts.csv: this is not a table/);
  });
});

const data = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const present = existsSync(data);

describe.skipIf(!present)(`real data sets${present ? '' : ' (skipped: ../shared/data is missing)'}`, () => {
  test.each([
    // images: train, valid good + abnormal, test good + abnormal
    ['brain/ms_flair', 'bmad', [80, 7, 6, 25, 28]],
    ['brain/glioma_flair', 'bmad', [57, 7, 5, 15, 35]],
    ['brain/synthetic_t1', 'bmad', [40, 0, 0, 10, 36]],
    ['defects/bsdata', 'mvtec', [48, 0, 0, 16, 28]],
    ['brain', 'bmad', [177, 14, 11, 50, 99]],
  ] as const)('%s', async (folder, layout, counts) => {
    expect(await detectLayout(data + folder)).toBe(layout);
    const { items, warnings } = await planImport([data + folder], { layout: 'auto' });
    const count = (split: string, label: string) =>
      items.filter((item) => item.split === split && item.label === label).length;
    expect([
      count('train', 'normal'),
      count('valid', 'normal'),
      count('valid', 'abnormal'),
      count('test', 'normal'),
      count('test', 'abnormal'),
    ]).toEqual(counts);
    expect(items.every(({ label, mask }) => mask === (label === 'normal' ? 'empty' : 'file'))).toBe(true);
    expect(items.every(({ maskPaths }) => maskPaths.every((path) => existsSync(path)))).toBe(true);
    expect(warnings).toEqual([]);
  });

  test('the folder of single pictures is a plain folder', async () => {
    const { layout, items } = await planImport([`${data}raster`], { layout: 'auto' });
    expect(layout).toBe('folder');
    expect(items).toHaveLength(63);
    expect(names(items)).toContain('odd/\u00dcn\u00efcode n\u00e4me 图像 01.png');
  });
});
