import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  instantSchema,
  type LastCommand,
  mspIdSchema,
  type CommandProof,
  type Pseudonym,
  sha256,
  type Sha256,
  statementHashOf,
  transactions,
} from '@lianyi/domain';
import { buildProgram, startProgram } from '@lianyi/test/support/child-program';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { createWallet, openWallet } from './wallet-file';
import { withLock } from './wallet-lock';
import { waitUntil } from '@lianyi/test/wait-until';

let path: string;
let pseudonym: Pseudonym;
beforeEach(async () => {
  path = join(scratchDirectory(), 'mother.wallet');
  const wallet = await createWallet(path, 'correct horse', { scryptN: 2 ** 10 }); // the least scrypt allows of itself
  ({ pseudonym } = await wallet.addRelationship(mspIdSchema.parse('HospitalAMSP')));
});

/** What the ledger says when a command was committed. */
function wordOf({ statement }: CommandProof): { nextKeyHash: Sha256; lastCommand: LastCommand } {
  return { nextKeyHash: statement.nextKeyHash, lastCommand: { statementHash: statementHashOf(statement), at: statement.issuedAt } };
}

describe('a wallet used by several programs', () => {
  it('gives up when another program holds its lock for too long', async () => {
    await withLock(`${path}.lock`, async () => {
      await expect(withLock(`${path}.lock`, () => Promise.resolve('in'), 50)).rejects.toMatchObject({ code: 'WALLET_BUSY' });
    });
    await expect(withLock(`${path}.lock`, () => Promise.resolve('in'), 50)).resolves.toBe('in');
  });

  it('lets the lock go when the holder fails', async () => {
    await expect(withLock(`${path}.lock`, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    await expect(withLock(`${path}.lock`, () => Promise.resolve('in'), 50)).resolves.toBe('in');
  });

  it.each(['lock', 'turn'])('makes its %s file readable by its owner only, also one that others could read', async (name) => {
    const lock = `${path}.${name}`;
    await withLock(lock, () => Promise.resolve());
    expect(statSync(lock).mode & 0o777).toBe(0o600);
    chmodSync(lock, 0o644);
    await withLock(lock, async () => {
      expect(statSync(lock).mode & 0o777).toBe(0o600);
      // changing the mode has not let the lock go
      chmodSync(lock, 0o644);
      await expect(withLock(lock, () => Promise.resolve('in'), 50)).rejects.toMatchObject({ code: 'WALLET_BUSY' });
      await expect(withLock(lock, () => Promise.resolve('in'), 50)).rejects.toMatchObject({ code: 'WALLET_BUSY' });
    });
  });

  it('gives each of them its turn, one after another, and lets them change the content meanwhile', async () => {
    const others = await Promise.all([1, 2, 3].map(() => openWallet(path, 'correct horse')));
    const events: string[] = [];
    await Promise.all(
      others.map((wallet, index) =>
        wallet.inTurn(async () => {
          events.push(`begin ${index}`);
          await wallet.relationships();
          await wallet.isKeyUnused(pseudonym);
          await new Promise((resolve) => setTimeout(resolve, 30));
          events.push(`end ${index}`);
        }),
      ),
    );
    for (let index = 0; index < events.length; index += 2) expect(events[index + 1]).toBe(events[index]?.replace('begin', 'end'));
    expect(events).toHaveLength(6);
  });

  it('uses no key twice when three programs sign as fast as they can', async () => {
    const program = buildProgram(join(__dirname, 'sign-in-a-loop.fixture.ts'));
    const log = `${path}.log`;
    writeFileSync(log, '');
    const programs = [1, 2, 3].map(() => startProgram(program, path, log, pseudonym, '15'));
    expect(await Promise.all(programs.map(({ ended }) => ended))).toEqual([0, 0, 0]);
    const used = readFileSync(log, 'utf8').trim().split('\n');
    expect(used).toHaveLength(45);
    expect(new Set(used).size).toBe(45);
  });

  it('is whole, and blocks no one, after programs were killed at any moment', async () => {
    const program = buildProgram(join(__dirname, 'sign-in-a-loop.fixture.ts'));
    const log = `${path}.log`;
    writeFileSync(log, '');
    for (let round = 0; round < 6; round += 1) {
      const { child, lines, ended } = startProgram(program, path, log, pseudonym, '100000');
      await lines.next();
      const before = readFileSync(log).length;
      // on a busy machine time alone would kill it before it has done anything
      await waitUntil('it has signed something', () => readFileSync(log).length > before);
      await new Promise((resolve) => setTimeout(resolve, 23 * round));
      child.kill('SIGKILL');
      await ended;
      const survivor = await openWallet(path, 'correct horse');
      const [relationship] = await survivor.relationships();
      // killed between signing and settling: the command is there to be sent again, then the wallet goes on
      for (const { proof } of relationship?.open ?? []) await survivor.reconcile(pseudonym, wordOf(proof));
      expect(readdirSync(join(path, '..')).filter((name) => name.endsWith('.part'))).toEqual([]);
    }
    const used = readFileSync(log, 'utf8').trim().split('\n');
    expect(used.length).toBeGreaterThanOrEqual(6);
    expect(new Set(used).size).toBe(used.length);
    const request = { transaction: transactions.AcceptRelationship, input: { pseudonym: 'p' } };
    const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
    const reopened = await openWallet(path, 'correct horse');
    await expect(reopened.signCommand(network, pseudonym, request, instantSchema.parse('2026-11-22T08:00:00.000Z'))).resolves.toBeDefined();
  });
});
