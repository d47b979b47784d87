#!/usr/bin/env node
import './node-version';
import './compile-cache';
import { runLianyi } from './run';
import { processTerminal } from './terminal';

// npm runs scripts in the package's folder; paths count from where the user stands
const stands = process.env['INIT_CWD'];
if (process.env['npm_lifecycle_event'] === 'lianyi' && stands !== undefined) process.chdir(stands);

// whoever reads our output may stop reading (`| head`): that is no failure of ours
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

closeNewFilesToOthers();

void runLianyi(process.argv.slice(2), processTerminal()).then((code) => {
  leave(code);
});

/** Keys, tickets, documents, databases: nothing that this program writes is for other users of the machine. */
function closeNewFilesToOthers(): void {
  process.umask(0o077);
}

/**
 * Ends the process when everything is written, whatever is still open: a parent may keep standard input open, and Node's own clean-up can wait
 * for ever, at full speed, for a handle that does not close (a network whose parent had been killed ran so for minutes).
 */
function leave(exitCode: number): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
}
