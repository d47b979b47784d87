import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWallet } from '@lianyi/client/node';
import { mspIdSchema } from '@lianyi/domain';
import { outcomeOf } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';

/** Who owns nothing on most machines. */
const NOBODY = 65_534;

/** Opens the lock's file as somebody who may only read it, if others may, and holds a shared lock on it. */
const holder = `
  const { statSync } = require('node:fs');
  const { DatabaseSync } = require('node:sqlite');
  const path = process.argv[1];
  if (process.getuid() === statSync(path).uid && (statSync(path).mode & 0o004) === 0) throw new Error('EACCES');
  const database = new DatabaseSync(path, { readOnly: true });
  database.exec('BEGIN; SELECT count(*) FROM sqlite_master');
  process.stdout.write('held');
  setInterval(() => database.isOpen, 1000);
`;

/** @returns the other user's process, and whether it holds the lock */
async function otherUser(lock: string): Promise<{ child: ChildProcess; isHeld: boolean }> {
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const child = spawn(process.execPath, ['-e', holder, lock], { stdio: ['ignore', 'pipe', 'ignore'], ...identity });
  const said = await Promise.race([once(child.stdout, 'data').then(String), once(child, 'exit').then(() => 'refused')]);
  return { child, isHeld: said === 'held' };
}

async function run(): Promise<AttackOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'lianyi-l6-'));
  chmodSync(folder, 0o755);
  process.umask(0o022);
  const path = join(folder, 'mother.wallet');
  let child: ChildProcess | undefined;
  try {
    const wallet = await createWallet(path, 'a passphrase of an attack', { scryptN: 1024 });
    await wallet.addRelationship(mspIdSchema.parse('HospitalAMSP'));
    const other = await otherUser(`${path}.lock`);
    ({ child } = other);
    const outcome = await outcomeOf(wallet.addRelationship(mspIdSchema.parse('HospitalBMSP')));
    return {
      succeeded: outcome === 'WALLET_BUSY',
      seen: `lock ${other.isHeld ? 'held' : 'not opened'} by another user; the patient: ${outcome}`,
    };
  } finally {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

export const l6Wallet: Attack = {
  id: 'L6-wallet',
  title: 'another local user holds a shared lock on the wallet’s lock file, and the patient waits for as long as he likes',
  defences: [{ file: 'application/client/src/node/wallet-lock.ts', name: 'makeOwnerOnly', body: 'return;' }],
  networks: ['embedded'],
  run,
};
