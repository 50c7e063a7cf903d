/**
 * A Chromium for tests and screenshots, on every machine: the one named by `CHROMIUM_PATH`, else the one
 * inside the `@sparticuz/chromium` package (Linux on x64), else whatever `playwright install` put in place.
 */
import { execFile } from 'node:child_process';
import { constants, existsSync } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright';
import type { Browser, LaunchOptions } from 'playwright';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Archives of the package: the browser, its software graphics driver, NSS libraries, and one font. */
const archives = ['chromium.br', 'swiftshader.tar.br', 'al2023.tar.br', 'fonts.tar.br'];

/** WebGL2 in software, so that pictures are the same with and without a graphics card. */
const softwareGraphics = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

/**
 * Starts a headless Chromium with WebGL2. The caller closes it.
 *
 * `options` are Playwright's; `args` and `env` are added to ours. Throws when no Chromium is to be found.
 */
export async function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  const found = await findBrowser();
  return chromium.launch({
    ...options,
    ...(found.executablePath === undefined ? {} : { executablePath: found.executablePath }),
    args: [...softwareGraphics, ...(options.args ?? [])],
    env: { ...definedEnvironment(), ...found.env, ...options.env },
  });
}

interface FoundBrowser {
  /** Absent: Playwright knows its own. */
  readonly executablePath?: string;
  readonly env: Record<string, string>;
}

async function findBrowser(): Promise<FoundBrowser> {
  const chosen = process.env['CHROMIUM_PATH'];
  if (chosen) {
    if (existsSync(chosen)) return { executablePath: chosen, env: {} };
    throw new Error(`CHROMIUM_PATH names a file that does not exist: ${chosen}`);
  }
  if (process.platform === 'linux' && process.arch === 'x64') return unpackedBrowser();
  if (existsSync(chromium.executablePath())) return { env: {} };
  throw new Error(
    'No Chromium for tests on this machine: set CHROMIUM_PATH to one, or run "npx playwright install chromium".',
  );
}

async function unpackedBrowser(): Promise<FoundBrowser> {
  const folder = await unpackOnce();
  const libraries = [join(folder, 'al2023', 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean);
  return {
    executablePath: join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: libraries.join(':'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  };
}

/**
 * What a process needs in its environment to find a Vulkan driver in software (the package's SwiftShader), so that the GPU
 * path can be tried on a machine without one; null where the package has none.
 */
export async function softwareVulkan(): Promise<Record<string, string> | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const folder = await unpackOnce();
  const libraries = [folder, join(folder, 'al2023', 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean);
  return { VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'), LD_LIBRARY_PATH: libraries.join(':') };
}

/**
 * The package's archives, unpacked in a folder of their own version. Test processes start together, so each
 * unpacks beside the place and the first to rename wins: nobody ever sees a half-written browser.
 */
async function unpackOnce(): Promise<string> {
  const packageFolder = join(projectRoot, 'node_modules', '@sparticuz', 'chromium');
  const description: unknown = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'));
  const version = (description as { version: string }).version;
  const parent = await writableCache();
  const folder = join(parent, `chromium-${version}`);
  if (existsSync(folder)) return folder;

  const staging = await mkdtemp(join(parent, 'unpacking-'));
  try {
    await inflateInto(staging, join(packageFolder, 'bin'));
    await writeFile(join(staging, 'fonts.conf'), fontConfiguration(join(folder, 'fonts')));
    await rename(staging, folder);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** The package unpacks into the temporary folder of its process, so it gets a process with one of its own. */
async function inflateInto(folder: string, archiveFolder: string): Promise<void> {
  const paths = archives.map((name) => join(archiveFolder, name));
  const script = `
    import { inflate } from '@sparticuz/chromium';
    for (const path of ${JSON.stringify(paths)}) await inflate(path);`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: projectRoot,
    env: { ...definedEnvironment(), TMPDIR: folder },
  });
}

/** The machine's fonts and the package's one: without any configuration Chromium aborts at the first glyph. */
function fontConfiguration(fontFolder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${fontFolder}</dir>
</fontconfig>
`;
}

async function writableCache(): Promise<string> {
  const candidates = [join(projectRoot, 'node_modules', '.cache', 'nidus'), join(tmpdir(), 'nidus-cache')];
  for (const folder of candidates) {
    try {
      await mkdir(folder, { recursive: true });
      await access(folder, constants.W_OK);
      return folder;
    } catch {
      // A read-only checkout: the next folder will do.
    }
  }
  throw new Error(`Chromium cannot be unpacked: neither ${candidates.join(' nor ')} is writable.`);
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
