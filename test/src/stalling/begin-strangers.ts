import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { tlsCaFile } from '@lianyi/workbench';
import { type Scenario } from '../scenario/scenario';

/**
 * Has strangers send commands to hospital A's node, from a process of their own.
 * @returns what ends it and tells how many were sent
 */
export async function beginStrangers({ a, consortium, network }: Scenario, perSecond: number): Promise<() => Promise<number>> {
  const { mspId } = a.member;
  const args = [a.node.ready.url, tlsCaFile(consortium.context, a.member), JSON.stringify(network), mspId, String(perSecond)];
  const child = spawn(process.execPath, [join(__dirname, 'strangers-process.js'), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  const ended = once(child, 'exit');
  while (!said.includes('begun'))
    await Promise.race([once(child.stdout, 'data'), ended.then(() => Promise.reject(new Error('no strangers')))]);
  return async () => {
    child.stdin.end();
    await ended;
    return Number(said.trim().split('\n').at(-1));
  };
}
