#!/usr/bin/env node
import './node-version';
import './compile-cache';
import { runNetworkCli } from './program';

// npm runs scripts in the package's folder; paths count from where the user stands
const stands = process.env['INIT_CWD'];
if (process.env['npm_lifecycle_event'] === 'lianyi-network' && stands !== undefined) process.chdir(stands);

// whoever read our output (a pager, `head`) has gone: not an error of ours
process.stdout.on('error', () => {
  process.exit(0);
});

void runNetworkCli(process.argv).then((exitCode) => {
  leave(exitCode);
});

/**
 * Ends the process when everything is written, whatever is still open: a parent may keep standard input open, and Node's own clean-up can wait
 * for ever, at full speed, for a handle that does not close (a network whose parent had been killed ran so for minutes).
 */
function leave(exitCode: number): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
}
