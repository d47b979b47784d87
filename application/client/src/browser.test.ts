import { isBuiltin } from 'node:module';
import { inspect } from 'node:util';
import { instantSchema, mspIdSchema, pseudonymSchema, recordIdSchema, sha256, verifySignature, canonicalJson } from '@lianyi/domain';
import { bundleForBrowser, runAsBrowser } from './bundle.fixture';
import { primitives as browserForm } from './crypto/browser';
import { primitives as nodeForm } from './crypto/node';
import { PrivateKey } from './crypto/private-key';
import * as client from './index';

type Client = typeof client;
const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const now = instantSchema.parse('2026-11-22T08:00:00.000Z');
const bytes = (length: number, step: number): Uint8Array => Uint8Array.from({ length }, (_none, index) => (index * step + 7) % 256);
const hex = (data: Uint8Array | undefined): string => Buffer.from(data ?? []).toString('hex');

let inBrowser: Client;
let bundle: ReturnType<typeof bundleForBrowser>;
beforeAll(() => {
  bundle = bundleForBrowser();
  // what the bundle of this package exports has this package's types
  inBrowser = runAsBrowser(bundle.code) as Client;
});

describe('the client for a browser', () => {
  it('imports nothing of Node', () => {
    const imported = Object.entries(bundle.metafile.inputs).flatMap(([from, { imports }]) => imports.map(({ path }) => ({ from, path })));
    // HPKE asks for Node's crypto only where there is no global one
    const foreign = imported.filter(({ from, path }) => isBuiltin(path) && !(path === 'crypto' && from.includes('@hpke/common/')));
    expect(foreign).toEqual([]);
  });

  it('has the same names as the client for Node', () => {
    expect(Object.keys(inBrowser).sort()).toEqual(Object.keys(client).sort());
  });

  it('seals what Node opens, and opens what Node seals', async () => {
    const seal = { key: bytes(32, 3), context: bytes(7, 5) };
    const content = bytes(40_000, 11);
    expect(hex(await client.openBytes(seal, await inBrowser.sealBytes(seal, content)))).toBe(hex(content));
    expect(hex(await inBrowser.openBytes(seal, await client.sealBytes(seal, content)))).toBe(hex(content));
  });

  it('reads the recovery phrase that Node has shown, and shows the same', () => {
    const seed = bytes(32, 13);
    for (const language of ['en', 'zh'] as const) {
      const words = client.phraseOf(seed, language);
      expect([...inBrowser.phraseOf(seed, language)]).toEqual(words);
      expect(hex(inBrowser.seedOfPhrase(words.join(' ')))).toBe(hex(seed));
    }
  });

  it('refuses a changed object as Node does', async () => {
    const seal = { key: bytes(32, 3), context: bytes(7, 5) };
    const sealed = await client.sealBytes(seal, bytes(100, 11));
    sealed[60] = (sealed[60] ?? 0) ^ 1;
    await expect(inBrowser.openBytes(seal, sealed)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
  });

  it('wraps a key that Node unwraps, and unwraps one that Node wrapped', async () => {
    const dataKey = bytes(32, 13);
    const ids = { pseudonym: pseudonymSchema.parse('psn-1'), recordId: recordIdSchema.parse('AAAAAAAAAAAAAAAAAAAAAA') };
    const version = { channel: 'emr', genesis: sha256('block 0'), ...ids, version: 1 };
    const dekCommitment = inBrowser.dekCommitment(dataKey, version);
    expect(dekCommitment).toBe(client.dekCommitment(dataKey, version));
    const recipient = { kind: 'custody', ...version, dekCommitment, mspId: mspIdSchema.parse('HospitalAMSP'), keyEpoch: 1 } as const;
    for (const [from, to] of [
      [client, inBrowser],
      [inBrowser, client],
    ] as const) {
      const privateKey = to.newPrivateKey();
      const wrapped = await from.wrapDataKey(dataKey, to.publicKeyOf(privateKey), recipient);
      expect(hex(await to.unwrapDataKey(wrapped, privateKey, to.publicKeyOf(privateKey), recipient))).toBe(hex(dataKey));
    }
  });

  it('signs a patient’s command that the ledger’s check takes, from a wallet kept in memory', async () => {
    let content = inBrowser.newWalletContent();
    const store: client.WalletStore = {
      read: () => Promise.resolve(content),
      change: (step) => {
        const changed = step(content);
        ({ content } = changed);
        return Promise.resolve(changed.result);
      },
      inTurn: (action) => action(),
    };
    const wallet = new inBrowser.Wallet(store);
    const { pseudonym, nextKeyHash } = await wallet.addRelationship(mspIdSchema.parse('HospitalAMSP'));
    const request = { transaction: { contract: 'ConsentContract', name: 'RevokePolicy' }, input: { pseudonym } };
    const { proof } = await wallet.signCommand(network, pseudonym, request, now);
    expect(verifySignature(proof.statement.publicKey, canonicalJson(proof.statement), proof.signature)).toBe(true);
    expect(sha256(Buffer.from(proof.statement.publicKey, 'base64url'))).toBe(nextKeyHash);
    // the same seed in Node is the same wallet
    const before = await new client.Wallet(store).relationships();
    expect(before).toMatchObject([{ pseudonym, open: [{ proof: { signature: proof.signature } }] }]);
  });

  it('signs a staff request that the ledger’s check takes', () => {
    const privateKey = inBrowser.newPrivateKey();
    const signer = { network, mspId: mspIdSchema.parse('HospitalAMSP'), actorTag: 'AAAAAAAAAAAAAAAAAAAAAA' as never, privateKey };
    const proof = inBrowser.signStaffRequest(signer, { transaction: { contract: 'A', name: 'B' }, input: {} }, now);
    expect(verifySignature(proof.publicKey, canonicalJson(proof.statement), proof.signature)).toBe(true);
  });
});

/** One test vector a primitive: the two forms must give the published bytes, not only each other's. */
describe.each([
  ['Node', nodeForm],
  ['browsers', browserForm],
])('the cryptography for %s', (_name, form) => {
  const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

  it('computes HMAC of RFC 4231 §4.3', () => {
    const [key, data] = [Buffer.from('Jefe'), Buffer.from('what do ya want for nothing?')];
    expect(hex(form.hmac('sha256', key).update(data).digest())).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
    expect(hex(form.hmac('sha512', key).update(data.subarray(0, 9)).update(data.subarray(9)).digest())).toBe(
      '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
    );
  });

  it('derives keys as RFC 5869 §A.1', () => {
    const derived = form.hkdfSha256(fromHex('0b'.repeat(22)), fromHex('000102030405060708090a0b0c'), fromHex('f0f1f2f3f4f5f6f7f8f9'), 42);
    expect(hex(derived)).toBe('3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865');
  });

  it('seals with AES-256-GCM as test case 14 of its specification', () => {
    const [key, nonce, zeros] = [fromHex('00'.repeat(32)), fromHex('00'.repeat(12)), fromHex('00'.repeat(16))];
    const sealed = form.sealAesGcm(key, nonce, zeros);
    expect(hex(sealed)).toBe('cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919');
    expect(hex(form.openAesGcm(key, nonce, sealed))).toBe(hex(zeros));
  });

  it.each([0, 15, 16, 31])('opens no box whose byte %d was changed', (index) => {
    const [key, nonce] = [fromHex('00'.repeat(32)), fromHex('00'.repeat(12))];
    const sealed = Uint8Array.from(form.sealAesGcm(key, nonce, fromHex('00'.repeat(16))));
    sealed[index] = (sealed[index] ?? 0) ^ 1;
    expect(form.openAesGcm(key, nonce, sealed)).toBeUndefined();
  });

  it.each([0, 15])('opens no box of %d bytes', (length) => {
    expect(form.openAesGcm(fromHex('00'.repeat(32)), fromHex('00'.repeat(12)), new Uint8Array(length))).toBeUndefined();
  });

  it('tells equal bytes from others, and lengths', () => {
    const [some, same, other] = [bytes(40, 3), bytes(40, 3), bytes(40, 3)];
    other[39] = (other[39] ?? 0) ^ 0x80;
    expect(form.equalBytes(some, same)).toBe(true);
    expect(form.equalBytes(some, other)).toBe(false);
    expect(form.equalBytes(some, some.subarray(1))).toBe(false);
    expect(form.equalBytes(some.subarray(0, 0), new Uint8Array())).toBe(true);
  });

  it('finds the public point of the key of RFC 6979 §A.2.5', () => {
    const privateKey = new PrivateKey(fromHex('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721'));
    expect(hex(form.publicPointOf(privateKey))).toBe(
      '0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299',
    );
  });

  it('makes keys of 32 bytes, each another', () => {
    const scalars = Array.from({ length: 20 }, () => hex(form.newPrivateKey().scalar()));
    expect(new Set(scalars).size).toBe(20);
    expect(scalars.every((scalar) => scalar.length === 64)).toBe(true);
  });
});

describe('a private key', () => {
  it('shows its scalar in no text', () => {
    const privateKey = client.newPrivateKey();
    const scalar = Buffer.from(privateKey.scalar());
    const shown = JSON.stringify(privateKey) + inspect(privateKey, { depth: 9, showHidden: true });
    for (const form of ['hex', 'base64url', 'latin1'] as const) expect(shown).not.toContain(scalar.toString(form));
  });

  it.each([0, 31, 33])('has 32 bytes, not %d', (length) => {
    expect(() => new PrivateKey(new Uint8Array(length))).toThrow('not a P-256 private key');
  });
});
