import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isReadyWithin } from './wait-until';

/**
 * What tells a process from a later one that was given the same number: when it started, in the system's own words.
 * `undefined` if no such process runs (a zombie does not).
 */
export function markOfProcess(pid: number): string | undefined {
  try {
    // proc(5): after the name in brackets comes the state; the start time is the 22nd field
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return process.platform === 'linux' ? undefined : markByPs(pid);
  }
}

function markByPs(pid: number): string | undefined {
  try {
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() ||
      undefined
    );
  } catch {
    return undefined;
  }
}

/** A process as a pid file names it. */
export interface MarkedProcess {
  readonly pid: number;
  readonly mark: string;
}

export function isSameProcess({ pid, mark }: MarkedProcess): boolean {
  return markOfProcess(pid) === mark;
}

/** Sends the signal if that very process still runs; answers whether it did. */
function signalProcess(target: MarkedProcess, signal: NodeJS.Signals): boolean {
  if (!isSameProcess(target)) return false;
  try {
    process.kill(target.pid, signal);
    return true;
  } catch {
    return false; // it ended in between
  }
}

/** SIGTERM; answers whether it has ended within the time. */
export async function askToEnd(target: MarkedProcess, timeoutMillis: number): Promise<boolean> {
  return !signalProcess(target, 'SIGTERM') || (await haveEnded([target], timeoutMillis));
}

/** SIGTERM, and SIGKILL to those that still run after `graceMillis`; returns when none runs. */
export async function endProcesses(targets: readonly MarkedProcess[], graceMillis: number): Promise<void> {
  for (const target of targets) signalProcess(target, 'SIGTERM');
  if (await haveEnded(targets, graceMillis)) return;
  for (const target of targets) signalProcess(target, 'SIGKILL');
  await haveEnded(targets, 5_000);
}

async function haveEnded(targets: readonly MarkedProcess[], timeoutMillis: number): Promise<boolean> {
  return isReadyWithin(() => !targets.some(isSameProcess), { timeoutMillis, everyMillis: 20 });
}
