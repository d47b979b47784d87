import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import {
  actorTagSchema,
  canonicalJson,
  decodeBase64url,
  hashOfJson,
  hashOfKey,
  instantSchema,
  mspIdSchema,
  patientProofSchema,
  pseudonymSchema,
  sha256,
  staffProofSchema,
  transactions,
  verifySignature,
} from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { createKeyFile, loadKeyFile } from '../node/key-file';
import { newPrivateKey, publicKeyOf, signText } from './p256';
import { signPatientCommand, signStaffRequest } from './sign-request';

const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const now = instantSchema.parse('2026-11-22T08:00:00.000Z');
const request = { transaction: transactions.RequestAccess, input: { ticketId: 't-1', purpose: 'TREAT' } };
const newPath = (): string => join(scratchDirectory(), 'actor.key');

describe('a staff request', () => {
  const privateKey = newPrivateKey();
  const proof = signStaffRequest(
    { network, mspId: mspIdSchema.parse('HospitalBMSP'), actorTag: actorTagSchema.parse('dr-1'), privateKey },
    request,
    now,
  );

  it('is a proof of the catalogue’s form that names request, network and signer', () => {
    expect(staffProofSchema.parse(proof)).toEqual(proof);
    expect(proof.statement).toEqual({
      t: 'lianyi/request/v1',
      channel: 'emr',
      chaincode: 'emr',
      genesis: network.genesis,
      transaction: 'AccessContract:RequestAccess',
      requestHash: hashOfJson(request.input),
      msp: 'HospitalBMSP',
      actorTag: 'dr-1',
      issuedAt: '2026-11-22T08:00:00.000Z',
      notAfter: '2026-11-22T08:05:00.000Z',
    });
  });

  it('verifies under its own key over the canonical statement, and over nothing else', () => {
    const { statement, publicKey, signature } = proof;
    expect(verifySignature(publicKey, canonicalJson(statement), signature)).toBe(true);
    expect(verifySignature(publicKey, canonicalJson({ ...statement, actorTag: 'dr-2' }), signature)).toBe(false);
    expect(verifySignature(publicKey, canonicalJson({ ...statement, notAfter: '2026-11-22T09:05:00.000Z' }), signature)).toBe(false);
    expect(verifySignature(publicKeyOf(newPrivateKey()), canonicalJson(statement), signature)).toBe(false);
  });
});

describe('a patient command', () => {
  const privateKey = newPrivateKey();
  const nextPrivateKey = newPrivateKey();
  const proof = signPatientCommand({ network, pseudonym: pseudonymSchema.parse('p-1'), privateKey, nextPrivateKey }, request, now);

  it('names the key it is signed with and the hash of the next', () => {
    expect(patientProofSchema.parse(proof)).toEqual(proof);
    expect(proof.statement).toMatchObject({
      publicKey: publicKeyOf(privateKey),
      nextKeyHash: hashOfKey(publicKeyOf(nextPrivateKey)),
      pseudonym: 'p-1',
    });
    expect(verifySignature(proof.statement.publicKey, canonicalJson(proof.statement), proof.signature)).toBe(true);
  });

  it('does not hold the private key in any form', () => {
    const scalar = Buffer.from(privateKey.scalar());
    for (const form of ['base64url', 'hex', 'latin1'] as const) expect(JSON.stringify(proof)).not.toContain(scalar.toString(form));
  });
});

it('every signature has its s in the lower half', () => {
  const half = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n / 2n;
  const privateKey = newPrivateKey();
  for (let index = 0; index < 64; index += 1) {
    const bytes = decodeBase64url(signText(privateKey, `text ${index}`)) ?? new Uint8Array();
    expect(BigInt(`0x${Buffer.from(bytes.subarray(32)).toString('hex')}`) <= half).toBe(true);
  }
});

describe('a key file', () => {
  it('is readable by its owner only and loads as the key that was made', async () => {
    const path = newPath();
    const made = await createKeyFile(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(publicKeyOf(await loadKeyFile(path))).toBe(publicKeyOf(made));
  });

  it('is never overwritten, and a failed attempt leaves nothing beside it', async () => {
    const path = newPath();
    await createKeyFile(path);
    const before = readFileSync(path, 'utf8');
    await expect(createKeyFile(path)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(readdirSync(join(path, '..'))).toEqual(['actor.key']);
  });

  it.each([0o640, 0o604, 0o660, 0o644])('is refused with mode %o', async (mode) => {
    const path = newPath();
    await createKeyFile(path);
    chmodSync(path, mode);
    await expect(loadKeyFile(path)).rejects.toMatchObject({ code: 'KEY_FILE_UNUSABLE' });
  });

  it.each<[string, string]>([
    ['empty', ''],
    ['no PEM', 'secret words'],
    ['a P-384 key', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()],
    ['an Ed25519 key', generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()],
    ['a public key', generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'pem', type: 'spki' }).toString()],
  ])('is refused when it is %s, without quoting it', async (_what, content) => {
    const path = newPath();
    writeFileSync(path, content, { mode: 0o600 });
    const error: unknown = await loadKeyFile(path).catch((fault: unknown) => fault);
    expect(error).toMatchObject({ code: 'KEY_FILE_UNUSABLE', details: { path } });
    expect(String((error as Error).stack)).not.toContain('secret words');
  });

  it('is refused when it is not there', async () => {
    await expect(loadKeyFile(newPath())).rejects.toMatchObject({ code: 'KEY_FILE_UNUSABLE' });
  });
});
