import { fork } from 'node:child_process';

/** A started engine process, however it was started. */
export interface EngineChannel {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, also when the process could not be started at all. */
  onExit(listener: (code: number | null, signal?: string) => void): void;
  kill(): void;
}

export interface SpawnOptions {
  /** What the process and the drivers in it print goes nowhere: of an engine whose failures are an answer. */
  readonly quiet?: boolean;
}

export type SpawnEngine = (options?: SpawnOptions) => EngineChannel;

/** The engine as a plain Node process, for the browser host and the command line. */
export function forkEngine(entry: string, env: NodeJS.ProcessEnv = process.env): SpawnEngine {
  return ({ quiet = false } = {}) => {
    const output = quiet ? 'ignore' : 2;
    const child = fork(entry, [], {
      serialization: 'advanced',
      // Standard output belongs to the command line's own answer.
      stdio: ['ignore', output, output, 'ipc'],
      execArgv: [],
      env,
    });
    return {
      // A send to a process that is just dying fails; its exit is what counts.
      post: (message) => void child.send(message as object, () => {}),
      onMessage: (listener) => void child.on('message', listener),
      onExit(listener) {
        let told = false;
        const tell = (code: number | null, signal?: string) => {
          if (told) return;
          told = true;
          listener(code, signal);
        };
        child.on('exit', (code, signal) => tell(code, signal ?? undefined));
        child.on('error', (error) => tell(null, error.message));
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };
}
