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
  process.exitCode = exitCode;
  process.stdin.destroy(); // a parent that keeps it open must not keep this process, whichever way the command ended
});
