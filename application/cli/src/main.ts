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
  process.exitCode = code;
  process.stdin.destroy(); // a node whose start failed may still listen to a parent that keeps it open
});

/** Keys, tickets, documents, databases: nothing that this program writes is for other users of the machine. */
function closeNewFilesToOthers(): void {
  process.umask(0o077);
}
