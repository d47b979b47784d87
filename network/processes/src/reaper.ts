import { createInterface } from 'node:readline';
import { endProcesses, type MarkedProcess } from '@lianyi/network-model';

/**
 * A program of its own: ends the nodes of a network whose supervisor is gone. Fabric's programs do not notice the death of
 * the process that started them, so this one waits at a pipe that closes with the supervisor, however it ended.
 * Each line read is one process: its number and its mark.
 */
function main(): void {
  const watched: MarkedProcess[] = [];
  // a terminal's Ctrl-C reaches the supervisor, which stops its nodes in order
  process.on('SIGINT', () => undefined);
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const [pid, mark] = line.split(' ');
    if (mark !== undefined) watched.push({ pid: Number(pid), mark });
  });
  lines.on('close', () => {
    void endProcesses(watched, 3_000);
  });
}

main();
