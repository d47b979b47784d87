import { createDecipheriv, createECDH, createHash, createHmac, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicKeySchema } from '@lianyi/domain';
import { PrivateKey } from '../crypto/private-key';
import { openBytes } from './cobblestone';
import { type KeyRecipient, unwrapDataKey } from './key-wrap';

type Texts = Readonly<Record<string, string>>;
type Vectors = {
  readonly keys: { readonly signer: Texts; readonly reader: Texts };
  readonly ids: Texts & { readonly ticket: Texts };
  readonly object: Texts & { readonly version: Texts };
  readonly keyWrap: Texts & { readonly recipient: KeyRecipient };
  readonly note: Texts;
  readonly release: Texts;
  readonly request: Texts;
};
const file = join(__dirname, '../../../../docs/vectors.json');
const { keys, ids, object, keyWrap, note, release, request } = JSON.parse(readFileSync(file, 'utf8')) as Vectors; // as `npm run record:vectors` wrote it

// What follows is written once more from the page alone, on node:crypto and nothing of the client's.

const bytes = (text = ''): Buffer => Buffer.from(text, 'base64url');
const hash = (data: string | Buffer): string => createHash('sha256').update(data).digest('base64url');
const mac = (key: Buffer, ...parts: readonly (string | Buffer)[]): Buffer =>
  parts.reduce((hmac, part) => hmac.update(part), createHmac('sha256', key)).digest();

function openGcm(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer {
  const cipher = createDecipheriv('aes-256-gcm', key, nonce);
  cipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
}

/** c2sp.org/chunked-encryption, Cobblestone-256. */
function openObject(key: Buffer, context: string, sealed: Buffer): Buffer {
  const [salt, commitment, body] = [sealed.subarray(0, 24), sealed.subarray(24, 56), sealed.subarray(56)];
  const info = Buffer.concat([Buffer.from('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0'), salt, Buffer.from(context)]);
  let [derived, previous]: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)];
  for (let round = 1; derived.length < 76; round += 1) {
    previous = createHmac('sha512', key).update(previous).update(info).update(Buffer.of(round)).digest();
    derived = Buffer.concat([derived, previous]);
  }
  expect(derived.subarray(44, 76).equals(commitment)).toBe(true);
  const chunks: Buffer[] = [];
  for (let number = 0; number * 16_400 < body.length; number += 1) {
    const nonce = Buffer.from(derived.subarray(32, 44));
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ number) >>> 0, 8);
    chunks.push(openGcm(derived.subarray(0, 32), nonce, body.subarray(number * 16_400, (number + 1) * 16_400)));
  }
  return Buffer.concat(chunks);
}

const KEM = Buffer.from('KEM\0\x10');
const HPKE = Buffer.from('HPKE\0\x10\0\x01\0\x02');

/** RFC 9180 §4: LabeledExtract, and LabeledExpand of at most 32 bytes. */
const extract = (suite: Buffer, salt: Buffer, label: string, ikm: Buffer): Buffer => mac(salt, 'HPKE-v1', suite, label, ikm);
const expand = (suite: Buffer, key: Buffer, label: string, info: Buffer, length: number): Buffer =>
  mac(key, Buffer.of(0, length), 'HPKE-v1', suite, label, info, Buffer.of(1)).subarray(0, length);

/** RFC 9180, base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. */
function unwrap(wrapped: Buffer, privateKey: Buffer, info: string): Buffer {
  const [encapsulated, sealed] = [wrapped.subarray(1, 66), wrapped.subarray(66)];
  const own = createECDH('prime256v1');
  own.setPrivateKey(privateKey);
  const none = Buffer.alloc(0);
  const agreed = extract(KEM, none, 'eae_prk', own.computeSecret(encapsulated));
  const shared = expand(KEM, agreed, 'shared_secret', Buffer.concat([encapsulated, own.getPublicKey()]), 32);
  const context = Buffer.concat([
    Buffer.of(0),
    extract(HPKE, none, 'psk_id_hash', none),
    extract(HPKE, none, 'info_hash', Buffer.from(info)),
  ]);
  const secret = extract(HPKE, shared, 'secret', none);
  return openGcm(expand(HPKE, secret, 'key', context, 32), expand(HPKE, secret, 'base_nonce', context, 12), sealed);
}

const signs = (publicKey = '', text = '', signature = ''): boolean =>
  verify(
    'sha256',
    Buffer.from(text),
    { key: createPublicKey({ key: bytes(publicKey), format: 'der', type: 'spki' }), dsaEncoding: 'ieee-p1363' },
    bytes(signature),
  );

describe('docs/vectors.json, by node:crypto alone', () => {
  it('names ids by what they are made of', () => {
    const { mspId, firstKeyHash, nonce, pseudonym, recordId, ticket } = ids;
    expect(firstKeyHash).toBe(hash(bytes(keys.signer['publicKey'])));
    expect(pseudonym).toBe(`p${hash(JSON.stringify(['lianyi/pseudonym/v1', mspId, firstKeyHash, nonce]))}`);
    expect(recordId).toBe(`r${hash(JSON.stringify(['lianyi/record/v1', mspId, pseudonym, nonce]))}`);
    expect(ticket['ticketId']).toBe(`t${hash(JSON.stringify(['lianyi/ticket/v1', ticket['mspId'], ticket['actorTag'], ticket['nonce']]))}`);
  });

  it('opens the object, of two chunks, and commits to its key and content', () => {
    const { channel, genesis, pseudonym, recordId } = object.version;
    const versionHash = hash(JSON.stringify(['lianyi/record-version/v1', channel, genesis, pseudonym, recordId, 1]));
    expect(object['versionHash']).toBe(versionHash);
    const content = openObject(bytes(object['dataKey']), object['context'] ?? '', bytes(object['sealed']));
    expect(content.equals(bytes(object['content']))).toBe(true);
    expect(content.length).toBeGreaterThan(16_384);
    expect(object['cipherSha256']).toBe(hash(bytes(object['sealed'])));
    expect(object['dekCommitment']).toBe(mac(bytes(object['dataKey']), 'lianyi/dek-commit/v1', versionHash).toString('base64url'));
    expect(object['contentCommitment']).toBe(
      mac(bytes(object['contentSalt']), 'lianyi/content-commit/v1', versionHash, content).toString('base64url'),
    );
  });

  it('opens it under no other context', () => {
    const context = (object['context'] ?? '').replace('HospitalAMSP', 'HospitalBMSP');
    expect(() => openObject(bytes(object['dataKey']), context, bytes(object['sealed']))).toThrow();
  });

  it('unwraps the key for the ticket, and for no other', () => {
    const [wrapped, info] = [bytes(keyWrap['wrapped']), keyWrap['info'] ?? ''];
    const privateKey = Buffer.from(keys.reader['privateKey'] ?? '', 'hex');
    expect(wrapped[0]).toBe(1);
    expect(unwrap(wrapped, privateKey, info).equals(bytes(object['dataKey']))).toBe(true);
    expect(keyWrap['sealedSha256']).toBe(hash(wrapped));
    expect(() => unwrap(wrapped, privateKey, info.replace(/"ticketId":"t./, '"ticketId":"tX'))).toThrow();
  });

  it.each(Object.entries({ release, request }))(
    'verifies the signature of the %s, with s in the lower half, and of nothing else',
    (_of, said) => {
      const { statement = '', publicKey, signature } = said;
      expect(signs(publicKey, statement, signature)).toBe(true);
      expect(signs(publicKey, statement.replace('emr', 'rme'), signature)).toBe(false);
      const half = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n;
      expect(BigInt(`0x${bytes(signature).toString('hex').slice(64)}`)).toBeLessThanOrEqual(half);
    },
  );

  it('calls a note by all that it says', () => {
    const named = createHash('sha256').update(`lianyi/note/v2\0${note['said']}`).digest('hex').slice(0, 24);
    expect(note['name']).toBe(named);
  });

  it('says in the statements what was handed over', () => {
    expect(JSON.parse(release['statement'] ?? '')).toMatchObject({
      ...{ cipherSha256: object['cipherSha256'], dekCommitment: object['dekCommitment'], sealedSha256: keyWrap['sealedSha256'] },
    });
    expect(JSON.parse(request['statement'] ?? '')).toMatchObject({ requestHash: hash(request['input'] ?? '') });
  });
});

describe('docs/vectors.json, by the client', () => {
  it('opens likewise', async () => {
    const context = new TextEncoder().encode(object['context']);
    const content = await openBytes({ key: bytes(object['dataKey']), context }, bytes(object['sealed']));
    expect(Buffer.from(content).equals(bytes(object['content']))).toBe(true);
    const reader = new PrivateKey(Buffer.from(keys.reader['privateKey'] ?? '', 'hex'));
    const dataKey = await unwrapDataKey(
      bytes(keyWrap['wrapped']),
      reader,
      publicKeySchema.parse(keys.reader['publicKey']),
      keyWrap.recipient,
    );
    expect(Buffer.from(dataKey).equals(bytes(object['dataKey']))).toBe(true);
  });
});
