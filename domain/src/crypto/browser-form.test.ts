import { createHash, generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import * as nodeForm from '../index';
import { build } from 'esbuild';
import { newKey, signText } from '../signing.fixture';

const DOMAIN = join(__dirname, '../..');
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

type Forms = Pick<typeof nodeForm, 'sha256' | 'verifySignature' | 'hashOfKey' | 'canonicalJson' | 'parseArgument' | 'toLowS'>;

async function bundle(form: 'browser' | 'default'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(DOMAIN, 'src/index.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'domain',
    platform: form === 'browser' ? 'browser' : 'neutral',
    mainFields: ['module', 'main'],
    conditions: form === 'browser' ? ['lianyi-source', 'browser'] : ['lianyi-source'],
    external: ['node:*'],
    target: 'es2022',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

/** Runs a bundle where there is nothing of Node: no require, process, Buffer. */
function run(code: string): Forms {
  const context = createContext({ TextEncoder, TextDecoder, URL });
  // what the bundle exports is what its entry point does
  return runInContext(`${code};domain`, context) as Forms;
}

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const number = (value: bigint): string => value.toString(16).padStart(64, '0');

const PREFIX = '3059301306072a8648ce3d020106082a8648ce3d030107034200';
const [X, Y] = [
  '60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6',
  '7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299',
];
/** RFC 6979 A.2.5: P-256 with SHA-256. */
const published = {
  key: base64url(hex(`${PREFIX}04${X}${Y}`)),
  sample: {
    r: 'EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716',
    s: 'F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8',
  },
  test: {
    r: 'F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367',
    s: '019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083',
  },
};
const signatureOf = ({ r, s }: { readonly r: string; readonly s: string }): string => base64url(hex(r + s));
const lowS = number(ORDER - BigInt(`0x${published.sample.s}`));
const isOdd = (BigInt(`0x${Y}`) & 1n) === 1n;
const spkiOf = (curve: string): string =>
  base64url(generateKeyPairSync('ec', { namedCurve: curve }).publicKey.export({ format: 'der', type: 'spki' }));

type Vector = readonly [what: string, isGood: boolean, key: string, message: string, signature: string];
const test = signatureOf(published.test);
const own = newKey();
const vectors: readonly Vector[] = [
  ['RFC 6979 “test”', true, published.key, 'test', test],
  ['RFC 6979 “sample”, its s turned low', true, published.key, 'sample', signatureOf({ ...published.sample, s: lowS })],
  ['a signature of Node over Chinese text', true, own.publicKey, '病历 🏥', signText('病历 🏥', own)],
  ['RFC 6979 “sample”, whose s is high', false, published.key, 'sample', signatureOf(published.sample)],
  ['another message', false, published.key, 'sample', test],
  ['another key', false, own.publicKey, 'test', test],
  ['no signature', false, published.key, 'test', ''],
  ['a byte too many', false, published.key, 'test', base64url(hex(`${published.test.r}${published.test.s}00`))],
  ['a byte too few', false, published.key, 'test', base64url(hex(`${published.test.r}${published.test.s}`).subarray(1))],
  ['padding', false, published.key, 'test', `${test}==`],
  ['r of zero', false, published.key, 'test', signatureOf({ ...published.test, r: number(0n) })],
  ['s of zero', false, published.key, 'test', signatureOf({ ...published.test, s: number(0n) })],
  ['r of the order', false, published.key, 'test', signatureOf({ ...published.test, r: number(ORDER) })],
  ['r and s swapped', false, published.key, 'test', signatureOf({ r: published.test.s, s: published.test.r })],
  ['no key', false, '', 'test', test],
  ['a point alone', false, base64url(hex(`04${X}${Y}`)), 'test', test],
  [
    'a compressed point',
    false,
    base64url(hex(`3039301306072a8648ce3d020106082a8648ce3d030107032200${isOdd ? '03' : '02'}${X}`)),
    'test',
    test,
  ],
  ['a hybrid point', false, base64url(hex(`${PREFIX}${isOdd ? '07' : '06'}${X}${Y}`)), 'test', test],
  ['a point off the curve', false, base64url(hex(`${PREFIX}04${X}${X}`)), 'test', test],
  ['the point at zero', false, base64url(hex(`${PREFIX}04${'00'.repeat(64)}`)), 'test', test],
  ['a coordinate beyond the field', false, base64url(hex(`${PREFIX}04${'ff'.repeat(32)}${Y}`)), 'test', test],
  ['a trailing byte after the key', false, base64url(hex(`${PREFIX}04${X}${Y}00`)), 'test', test],
  ['a key of secp256k1', false, spkiOf('secp256k1'), 'test', test],
  ['a key of P-384', false, spkiOf('secp384r1'), 'test', test],
];

describe('the domain in a browser', () => {
  let code: string;
  let browserForm: Forms;
  beforeAll(async () => {
    code = await bundle('browser');
    browserForm = run(code);
  });

  it('is bundled without anything of Node', () => {
    expect(code).not.toMatch(/node:/);
    expect(code).not.toMatch(/\brequire\(|\bBuffer\b|\bprocess\./);
  });
  it('would not be, with the form that Node gets', async () => {
    expect(await bundle('default')).toMatch(/node:crypto/);
  });
  it.each(vectors)('verifies as Node does: %s', (_what, isGood, key, message, signature) => {
    expect(nodeForm.verifySignature(key, message, signature)).toBe(isGood);
    expect(browserForm.verifySignature(key, message, signature)).toBe(isGood);
  });
  it('is asked to refuse more than to accept', () => {
    expect(vectors.filter(([, isGood]) => !isGood).length).toBeGreaterThan(vectors.filter(([, isGood]) => isGood).length);
  });
  it('refuses any flipped bit of a signature, as Node does', () => {
    const bytes = hex(published.test.r + published.test.s);
    for (let bit = 0; bit < 512; bit += 37) {
      const flipped = base64url(bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)));
      expect([nodeForm, browserForm].map((form) => form.verifySignature(published.key, 'test', flipped))).toEqual([false, false]);
    }
  });
  it.each([
    ['nothing', ''],
    ['a word', 'abc'],
    ['Chinese', '病历 🏥'],
    ['several blocks', 'a'.repeat(1_000)],
    ['a lone surrogate', '\ud800'],
  ])('hashes %s as Node does', (_what, text) => {
    const expected = createHash('sha256').update(text).digest('base64url');
    expect([nodeForm.sha256(text), browserForm.sha256(text)]).toEqual([expected, expected]);
    expect(browserForm.hashOfKey(own.publicKey)).toBe(nodeForm.hashOfKey(own.publicKey));
  });
  it('turns s low as Node does', () => {
    const high = hex(published.sample.r + published.sample.s);
    expect(base64url(browserForm.toLowS(high))).toBe(base64url(nodeForm.toLowS(high)));
  });
});
