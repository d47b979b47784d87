import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';

/** Clock ticks a second in /proc (USER_HZ of proc(5), 100 on every Linux that Node runs on). */
const TICKS_PER_SECOND = 100;

/** Resident memory of all processes of one kind. */
export type Memory = { readonly kind: string; readonly processes: number; readonly mebibytes: number };

/** Whether this system tells memory and processor time of a process at all. */
export function hasProc(): boolean {
  return existsSync('/proc/self/task');
}

/** A process and all it has started, and so on. */
export function familyOf(pid: number): readonly number[] {
  const children = tasksOf(pid).flatMap((task) => read(`/proc/${pid}/task/${task}/children`).trim().split(' ').filter(Boolean).map(Number));
  return [pid, ...children.flatMap(familyOf)];
}

/** What each kind of process of a family occupies; shared pages count in each. */
export function memoryOf(family: readonly number[]): readonly Memory[] {
  const kinds = new Map<string, { processes: number; mebibytes: number }>();
  for (const pid of family) {
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1];
    if (kibibytes === undefined) continue;
    const kind = kindOf(pid, pid === family[0]);
    const known = kinds.get(kind) ?? { processes: 0, mebibytes: 0 };
    kinds.set(kind, { processes: known.processes + 1, mebibytes: known.mebibytes + Number(kibibytes) / 1024 });
  }
  return [...kinds].map(([kind, { processes, mebibytes }]) => ({ kind, processes, mebibytes: Math.round(mebibytes) }));
}

/** MiB that a family occupies; of a page that several processes share, each has its part (proc_pid_smaps_rollup(5), Pss). */
export function ownMebibytesOf(family: readonly number[]): number {
  const kibibytes = family.map((pid) => Number(/^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0));
  return kibibytes.reduce((sum, each) => sum + each, 0) / 1024;
}

/** The first of a family that runs this program. */
export function runningIn(family: readonly number[], program: string): number | undefined {
  return family.find((pid) => {
    const [, ...words] = read(`/proc/${pid}/cmdline`).split('\0');
    return words.some((word) => word.endsWith(program)) && !words.includes('-c');
  });
}

/**
 * The most memory that this process has occupied. The kernel's own count of it (`ru_maxrss`) begins with what the process that started this one
 * occupied then; that of the address space, read here, does not.
 */
export function peakMebibytes(): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(read('/proc/self/status'))?.[1];
  if (kibibytes === undefined) throw new Error('this system does not tell what a process has occupied');
  return Number(kibibytes) / 1024;
}

/** Processor time a family has used since its members began, in milliseconds of one core. */
export function processorMillis(family: readonly number[]): number {
  const ticks = family.map((pid) => {
    // the second field, the name in brackets, may hold anything; utime and stime are fields 14 and 15
    const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
    return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  });
  return (ticks.reduce((sum, each) => sum + each, 0) * 1000) / TICKS_PER_SECOND;
}

function kindOf(pid: number, isFirst: boolean): string {
  if (isFirst) return 'network command';
  const words = read(`/proc/${pid}/cmdline`).split('\0');
  const program = basename(words[0] ?? '');
  if (program === 'peer' || program === 'orderer') return program;
  // waits beside a chaincode for the end of the network
  if (program === 'sh') return 'helper';
  return words.some((word) => /chaincode/.test(basename(word))) ? 'chaincode' : 'helper';
}

function tasksOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return []; // ended meanwhile
  }
}

/** Empty for a process that has ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
