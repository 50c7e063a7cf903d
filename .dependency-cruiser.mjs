// Dependencies point one way: hosts -> api -> services -> workspace | engine client -> src-shared (docs/architecture.md).

/** @param {string} name @param {string} comment @param {object} from @param {object} to */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const ours = '^src-(main|engine|preload|renderer)/';
const services = '^src-main/(annotations|imports|references|runs|reports|studies|jobs|models|adapters)/';

export default {
  forbidden: [
    forbid(
      'no-cycles',
      'A cycle hides which module is the lower one.',
      { pathNot: '\\.vue$' },
      { circular: true, viaOnly: { pathNot: '\\.vue$', dependencyTypesNot: ['type-only'] } },
    ),
    forbid(
      'shared-is-lowest',
      'src-shared is what both sides of every boundary know.',
      { path: '^src-shared/' },
      { path: ours },
    ),
    forbid(
      'methods-and-metrics-are-pure',
      'No input or output, no clock: only shared types and each other.',
      { path: '^src-engine/(methods|metrics)/' },
      { path: '^src-|^node:|node_modules', pathNot: '^src-shared/|^src-engine/(methods|metrics)/' },
    ),
    forbid(
      'pure-cores-use-no-node',
      'A method that reads a file cannot be trusted to be pure.',
      { path: '^src-engine/(methods|metrics)/' },
      { dependencyTypes: ['core', 'npm'] },
    ),
    forbid(
      'engine-knows-no-main',
      'The engine is asked by messages only.',
      { path: '^src-engine/' },
      { path: '^src-(main|renderer|preload)/' },
    ),
    forbid(
      'main-knows-no-engine-code',
      'Main asks the engine by messages only.',
      { path: '^src-main/' },
      { path: '^src-(engine|renderer|preload)/', pathNot: '^src-preload/channels' },
    ),
    forbid(
      'renderer-is-alone',
      'The window speaks to the rest through the contract.',
      { path: '^src-renderer/' },
      { path: '^src-(main|engine|preload)/' },
    ),
    forbid(
      'renderer-uses-no-node',
      'The window is sandboxed.',
      { path: '^src-renderer/' },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'services-know-no-api',
      'Services are called by the API and the command line alike.',
      { path: services },
      { path: '^src-main/(api|hosts|app\\.ts|services\\.ts)' },
    ),
    forbid(
      'workspace-is-below-services',
      'Storage knows nothing of what is done with it.',
      { path: '^src-main/(workspace|engine)/' },
      { path: `${services}|^src-main/(api|hosts|app\\.ts|services\\.ts)` },
    ),
    forbid(
      'only-workspace-opens-sqlite',
      'One door to the database.',
      { path: '^src-', pathNot: '^src-main/workspace/' },
      { path: 'better-sqlite3' },
    ),
    forbid(
      'api-knows-no-hosts',
      'Hosts mount the application, not the other way round.',
      { path: '^src-main/(api|app\\.ts)' },
      { path: '^src-main/hosts/' },
    ),
    forbid(
      'only-electron-host-uses-electron',
      'The rest runs without it.',
      {
        path: '^src-',
        pathNot:
          '^src-main/hosts/electron|^src-main/engine/spawn-utility|^src-preload/|^src-main/hosts/start',
      },
      { path: '^electron$|node_modules/electron/' },
    ),
    forbid(
      'nothing-unresolved',
      'An import that leads nowhere.',
      {},
      { couldNotResolve: true, path: '^[.#]', pathNot: '\\?' },
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.node.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.vue', '.json'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^out/' },
  },
};
