import { chmodSync, copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  addMilliseconds,
  canonicalJson,
  hashOfKey,
  type IdNonce,
  instantSchema,
  type LastCommand,
  mspIdSchema,
  type CommandProof,
  type Pseudonym,
  pseudonymOf,
  sha256,
  type Sha256,
  statementHashOf,
  transactions,
  verifySignature,
} from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { publicKeyOf } from '../signing/p256';
import { newIdNonce } from '../signing/random-id';
import { oneTimeKey } from '../wallet/derived-keys';
import { Wallet } from '../wallet/wallet';
import { FileKeys } from './sealed-file';
import { createWallet, openWallet } from './wallet-file';

const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const hospitalA = mspIdSchema.parse('HospitalAMSP');
const now = instantSchema.parse('2026-11-22T08:00:00.000Z');
const request = { transaction: transactions.AcceptRelationship, input: { pseudonym: 'p' } };
// the least scrypt allows of itself; the default is tried once below
const cheap = { scryptN: 2 ** 10 };
const newPath = (): string => join(scratchDirectory(), 'mother.wallet');

let path: string;
let wallet: Wallet;
let pseudonym: Pseudonym;
let firstKeyHash: Sha256;
beforeEach(async () => {
  path = newPath();
  wallet = await createWallet(path, 'correct horse', cheap);
  ({ pseudonym, nextKeyHash: firstKeyHash } = await wallet.addRelationship(hospitalA));
});
/** What the ledger says when a command was committed. */
const wordOf = ({ statement }: CommandProof): { nextKeyHash: Sha256; lastCommand: LastCommand } => ({
  nextKeyHash: statement.nextKeyHash,
  lastCommand: { statementHash: statementHashOf(statement), at: now },
});
const committed = (proof: CommandProof, of = wallet): Promise<unknown> => of.reconcile(pseudonym, wordOf(proof));
const sign = (from = wallet, at = now): ReturnType<Wallet['signCommand']> => from.signCommand(network, pseudonym, request, at);

describe('a wallet file', () => {
  it('is readable by its owner only and holds no pseudonym, hospital or seed in the clear', async () => {
    await sign();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, 'utf8');
    for (const name of readdirSync(dirname(path))) expect([name, statSync(join(dirname(path), name)).mode & 0o777]).toEqual([name, 0o600]);
    for (const secret of [pseudonym, 'HospitalAMSP', firstKeyHash, 'correct horse']) expect(text).not.toContain(secret);
  });

  it('opens with its passphrase, however that is composed in Unicode', async () => {
    const other = newPath();
    await createWallet(other, 'caf\u00e9 \u5bc6\u7801 correct', cheap);
    await expect(openWallet(other, 'cafe\u0301 \u5bc6\u7801 correct')).resolves.toBeInstanceOf(Wallet);
  });

  it.each(['', 'Correct horse', 'correct horse '])('does not open with %j', async (passphrase) => {
    await expect(openWallet(path, passphrase)).rejects.toMatchObject({ code: 'WALLET_UNREADABLE' });
  });

  it.each(['', 'Correct horse', 'correct horse '])('does not open with %j where the key of its passphrase is kept', async (passphrase) => {
    const keys = new FileKeys();
    await openWallet(path, 'correct horse', { keys });
    await expect(openWallet(path, passphrase, { keys })).rejects.toMatchObject({ code: 'WALLET_UNREADABLE' });
  });

  it('is of another key where another wallet has the same passphrase', async () => {
    const keys = new FileKeys();
    const [first, second] = [newPath(), newPath()];
    for (const each of [first, second]) await createWallet(each, 'correct horse', { ...cheap, keys });
    const texts = [first, second].map((each) => readFileSync(each, 'utf8'));
    writeFileSync(first, texts[1] ?? '');
    writeFileSync(second, (texts[1] ?? '').replace(/"salt":"[^"]+"/, (/"salt":"[^"]+"/.exec(texts[0] ?? '') ?? [''])[0]));
    await expect(openWallet(first, 'correct horse', { keys })).resolves.toBeInstanceOf(Wallet);
    await expect(openWallet(second, 'correct horse', { keys })).rejects.toMatchObject({ code: 'WALLET_UNREADABLE' });
  });

  it('does not open with any byte changed, and says no more than for a wrong passphrase', async () => {
    const text = readFileSync(path, 'utf8');
    const codes = new Set<unknown>();
    // every part of the file: kdf, nonce, ciphertext, tag; a step keeps scrypt's share of the time small
    for (let index = 0; index < text.length; index += 7) {
      const character = text[index] === 'A' ? 'B' : 'A';
      writeFileSync(path, text.slice(0, index) + character + text.slice(index + 1));
      codes.add(
        await openWallet(path, 'correct horse').then(
          () => 'opened',
          (error: unknown) => (error as { code?: unknown }).code,
        ),
      );
    }
    expect([...codes]).toEqual(['WALLET_UNREADABLE']);
  });

  it.each([
    ['empty', ''],
    ['no JSON', 'seed'],
    [
      'of a cost that would take all memory',
      JSON.stringify({
        t: 'lianyi/wallet/v1',
        kdf: { name: 'scrypt', N: 2 ** 30, r: 8, p: 1, salt: 'AAAA' },
        nonce: 'AAAA',
        ciphertext: 'AAAA',
      }),
    ],
  ])('is refused when it is %s', async (_what, text) => {
    writeFileSync(path, text);
    await expect(openWallet(path, 'correct horse')).rejects.toMatchObject({ code: 'WALLET_UNREADABLE' });
  });

  it('is refused when others may read it', async () => {
    chmodSync(path, 0o644);
    await expect(openWallet(path, 'correct horse')).rejects.toMatchObject({ code: 'KEY_FILE_UNUSABLE' });
  });

  it('is never overwritten by a new one', async () => {
    const before = readFileSync(path);
    await expect(createWallet(path, 'another horse', cheap)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('costs 2^17 rounds of scrypt unless told otherwise', async () => {
    const other = newPath();
    await createWallet(other, 'correct horse');
    expect(JSON.parse(readFileSync(other, 'utf8'))).toMatchObject({ kdf: { name: 'scrypt', N: 131_072, r: 8, p: 1 } });
    await expect(openWallet(other, 'correct horse')).resolves.toBeInstanceOf(Wallet);
  });
});

describe('one-time keys', () => {
  it('are the same from the same seed, and different for each counter, pseudonym and seed', () => {
    const seed = Buffer.alloc(32, 1);
    const [nonce, other] = [newIdNonce(), newIdNonce()];
    const keys = [
      oneTimeKey(seed, nonce, 0),
      oneTimeKey(seed, nonce, 1),
      oneTimeKey(seed, other, 0),
      oneTimeKey(Buffer.alloc(32, 2), nonce, 0),
    ];
    expect(new Set(keys.map(publicKeyOf)).size).toBe(4);
    expect(publicKeyOf(oneTimeKey(seed, nonce, 0))).toBe(publicKeyOf(oneTimeKey(seed, nonce, 0)));
  });

  it('stay as they are: a wallet of today opens what a wallet of tomorrow wrote', () => {
    const key = publicKeyOf(oneTimeKey(Buffer.alloc(32, 7), 'pseudonym-1' as IdNonce, 5));
    // computed apart from this code, with Python's cryptography
    expect(hashOfKey(key)).toBe('wQgOwbtSsX8w6iiACAKeyiyev1vTmU4XvXIWSZ0756E');
  });

  it('follow one another: each command announces the next command’s key', async () => {
    const first = await sign();
    expect(hashOfKey(first.proof.statement.publicKey)).toBe(firstKeyHash);
    await committed(first.proof);
    const second = await sign();
    expect(hashOfKey(second.proof.statement.publicKey)).toBe(first.proof.statement.nextKeyHash);
    const { statement, signature } = second.proof;
    expect(verifySignature(statement.publicKey, canonicalJson(statement), signature)).toBe(true);
  });
});

describe('a wallet’s relationships', () => {
  it('have one pseudonym for each hospital, derived from it, the first key and a nonce', async () => {
    const hospitalB = mspIdSchema.parse('HospitalBMSP');
    const second = await wallet.addRelationship(hospitalB);
    expect(second.pseudonym).toBe(pseudonymOf({ mspId: hospitalB, firstKeyHash: second.nextKeyHash, nonce: second.nonce }));
    expect(second.pseudonym).not.toBe(pseudonym);
    expect(await wallet.relationships()).toEqual([
      { pseudonym, mspId: hospitalA, open: [] },
      { pseudonym: second.pseudonym, mspId: hospitalB, open: [] },
    ]);
    await expect(wallet.addRelationship(hospitalB)).rejects.toMatchObject({ code: 'PSEUDONYM_IN_USE' });
  });

  it('do not mix their keys: an open command of one leaves the other free', async () => {
    const { pseudonym: other } = await wallet.addRelationship(mspIdSchema.parse('HospitalBMSP'));
    await sign();
    await expect(wallet.signCommand(network, other, request, now)).resolves.toMatchObject({ proof: { statement: { pseudonym: other } } });
  });

  it('refuse a pseudonym they do not hold', async () => {
    await expect(wallet.signCommand(network, 'unknown' as Pseudonym, request, now)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a command', () => {
  it('is on the disk before its proof is given out, and can be sent again after a crash', async () => {
    const command = await sign();
    // the program ends here; another one opens the file
    const [relationship] = await (await openWallet(path, 'correct horse')).relationships();
    expect(relationship?.open).toEqual([command]);
    expect(command.transaction).toEqual({ contract: 'RelationshipContract', name: 'AcceptRelationship' });
  });

  it('blocks the next one until the ledger says that its key is used up', async () => {
    const { proof } = await sign();
    await expect(sign()).rejects.toMatchObject({ code: 'COMMAND_PENDING' });
    await expect(sign(await openWallet(path, 'correct horse'))).rejects.toMatchObject({ code: 'COMMAND_PENDING' });
    await wallet.noteRefusal(proof);
    await expect(sign()).rejects.toMatchObject({ code: 'COMMAND_PENDING' });
    await committed(proof);
    await expect(sign()).resolves.toBeDefined();
  });

  it('leaves its key for the next command when not a byte of it has left', async () => {
    const { proof } = await sign();
    await wallet.withdraw(proof);
    expect((await sign()).proof.statement.publicKey).toBe(proof.statement.publicKey);
  });

  it('is withdrawn once: a late second word changes nothing', async () => {
    const { proof } = await sign();
    await committed(proof);
    const next = await sign();
    await wallet.withdraw({
      ...proof,
      signature: next.proof.signature.replace(/^./, (first) => (first === 'x' ? 'y' : 'x')) as typeof proof.signature,
    });
    await wallet.noteRefusal(proof);
    expect((await wallet.relationships())[0]?.open).toEqual([next]);
  });

  it('signed twice at once is signed once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => sign()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'COMMAND_PENDING' });
  });

  it('without a canonical form is not signed, and the wallet stays as it was', async () => {
    const before = readFileSync(path);
    await expect(wallet.signCommand(network, pseudonym, { ...request, input: { dose: 1.5 } }, now)).rejects.toThrow('safe integer');
    expect(readFileSync(path).equals(before)).toBe(true);
    await expect(sign()).resolves.toBeDefined();
  });

  it('that only asks rolls no key and is not remembered', async () => {
    const first = await wallet.signQuery(network, pseudonym, request, now);
    const second = await wallet.signQuery(network, pseudonym, request, now);
    expect(second.statement.publicKey).toBe(first.statement.publicKey);
    expect((await wallet.relationships())[0]?.open).toEqual([]);
  });
});

describe('reconciling with the ledger', () => {
  it('finds a command committed when the ledger names it', async () => {
    const { proof } = await sign();
    expect(await committed(proof)).toMatchObject([{ state: 'committed', was: 'sent' }]);
    expect(hashOfKey((await sign()).proof.statement.publicKey)).toBe(proof.statement.nextKeyHash);
  });

  it('finds a command superseded when the ledger names another one of its key', async () => {
    const first = await sign();
    const rotation = await wallet.signRotation(network, pseudonym, now);
    expect(rotation.proof.statement.publicKey).toBe(first.proof.statement.publicKey);
    expect(await committed(rotation.proof)).toMatchObject([
      { state: 'superseded', by: { transaction: { name: 'RotateKey' } } },
      { state: 'committed', transaction: { name: 'RotateKey' } },
    ]);
  });

  it('finds a command superseded when the ledger names one that this wallet does not know', async () => {
    const { proof } = await sign();
    const word = { ...wordOf(proof), lastCommand: { statementHash: sha256('another'), at: now } };
    const [fate] = await wallet.reconcile(pseudonym, word);
    expect(fate).toMatchObject({ state: 'superseded' });
    expect(fate).not.toHaveProperty('by');
  });

  it('does not say which when the ledger is further on', async () => {
    const backup = `${path}.backup`;
    await sign();
    copyFileSync(path, backup);
    await committed((await wallet.relationships())[0]?.open[0]?.proof ?? (await sign()).proof);
    const second = await sign();
    const restored = await openWallet(backup, 'correct horse');
    expect(await restored.reconcile(pseudonym, wordOf(second.proof))).toMatchObject([{ state: 'passed', was: 'sent' }]);
  });

  it('keeps a command open as long as its key is the next one, whatever the clock says', async () => {
    const { proof } = await sign();
    expect(await wallet.reconcile(pseudonym, { nextKeyHash: firstKeyHash })).toMatchObject([{ state: 'sent' }]);
    await expect(sign(wallet, addMilliseconds(now, 365 * 86_400_000))).rejects.toMatchObject({ code: 'COMMAND_PENDING' });
    expect((await wallet.relationships())[0]?.open).toMatchObject([{ proof }]);
  });

  it('brings a wallet restored from an old backup up to date', async () => {
    const backup = `${path}.backup`;
    copyFileSync(path, backup);
    let word = wordOf((await sign()).proof);
    for (let index = 0; index < 20; index += 1) {
      await wallet.reconcile(pseudonym, word);
      word = wordOf((await sign()).proof);
    }
    const restored = await openWallet(backup, 'correct horse');
    expect(await restored.reconcile(pseudonym, word)).toEqual([]);
    expect(hashOfKey((await sign(restored)).proof.statement.publicKey)).toBe(word.nextKeyHash);
  });

  it.each([1, 16, 17, 30])('goes back when %d commits were believed that never were, and signs nothing with those keys', async (lies) => {
    for (let lie = 0; lie < lies; lie += 1) await committed((await sign()).proof);
    expect(await wallet.reconcile(pseudonym, { nextKeyHash: firstKeyHash })).toHaveLength(lies);
    await expect(sign()).rejects.toMatchObject({ code: 'COMMAND_PENDING' });
    const rotation = await wallet.signRotation(network, pseudonym, now);
    expect(hashOfKey(rotation.proof.statement.publicKey)).toBe(firstKeyHash);
    await committed(rotation.proof);
    const { statement } = (await sign()).proof;
    // the first key that has signed nothing: not one of those announced before
    expect(hashOfKey(statement.publicKey)).toBe(rotation.proof.statement.nextKeyHash);
  });

  it('refuses a key that is none of the wallet’s and changes nothing', async () => {
    await sign();
    const before = readFileSync(path);
    const strange = wallet.reconcile(pseudonym, { nextKeyHash: sha256('another key') });
    await expect(strange).rejects.toMatchObject({ code: 'STALE_KEY' });
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});
