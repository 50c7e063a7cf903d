/** Terminal host: every job of the window, from a script. Answers on standard output, refusals on standard error. */
import { Command } from 'commander';
import { toFailure } from '#shared/errors.ts';
import { version } from '#main/version.ts';
import { addBringYourOwnCommands } from './cli/bring-your-own.ts';
import { addDemoCommand } from './cli/demo.ts';
import { addEvaluateCommands } from './cli/evaluate.ts';
import { addExportCommand } from './cli/export.ts';
import { addFeaturesCommand } from './cli/features.ts';
import { addImportCommand } from './cli/import.ts';
import { addListCommands } from './cli/lists.ts';
import { addModelCommands } from './cli/models.ts';
import { addPixelsCommand } from './cli/pixels.ts';
import { addReferenceCommands } from './cli/references.ts';
import { addResultCommands } from './cli/results.ts';
import { addRunCommands } from './cli/run.ts';
import { addSweepCommands } from './cli/sweep.ts';
import { addTrainCommands } from './cli/train.ts';
import { addWatchCommand } from './cli/watch.ts';
import { addServeCommand } from './cli/serve.ts';

const program = new Command('nidus')
  .description('Training-free visual anomaly detection. Research use only - not for diagnosis.')
  .version(version)
  .option('--workspace <dir>', 'workspace folder (default: $NIDUS_WORKSPACE or the per-user folder)')
  .option('--json', 'answer in JSON')
  // Both options may stand before or after the command's name.
  .enablePositionalOptions(false)
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'nidus: ')) });

addDemoCommand(program);
addImportCommand(program);
addListCommands(program);
addModelCommands(program);
addRunCommands(program);
addReferenceCommands(program);
addResultCommands(program);
addTrainCommands(program);
addWatchCommand(program);
addEvaluateCommands(program);
addSweepCommands(program);
addServeCommand(program);
addExportCommand(program);
addFeaturesCommand(program);
addPixelsCommand(program);
addBringYourOwnCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  const failure = toFailure(error);
  process.stderr.write(`nidus: ${failure.message.replaceAll('\n', ' ')}\n`);
  process.exitCode = 1;
}
