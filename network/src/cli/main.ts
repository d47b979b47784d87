#!/usr/bin/env node
import './node-version';
import { runCli } from './program';

const LAST_CALLS_MILLIS = 1_000;

// whoever read our output (a pager, `head`) has gone: not an error of ours
process.stdout.on('error', () => {
  process.exit(0);
});

void runCli(process.argv).then((exitCode) => {
  process.exitCode = exitCode;
  process.stdin.destroy(); // a parent that keeps it open must not keep this process, whichever way the command ended
  // nor may a call that was under way when the network stopped, and still waits for an answer
  setTimeout(() => process.exit(exitCode), LAST_CALLS_MILLIS).unref();
});
