import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { temporaryDir } from '@lianyi/test/support/ledger-fixture';
import { type CertificateAuthority, createRevocationList, issueIdentity, issueTls, loadCertificateAuthority, renewCertificate } from './ca';

type Made = { readonly curve?: string; readonly isCa?: boolean; readonly form?: 'sec1' | 'pkcs8' };

/** An authority as another program makes it, its name in string types that this one would not choose. */
function foreignAuthority(dir: string, subject: string, stringMask: string): Promise<CertificateAuthority> {
  return loadCertificateAuthority(madeElsewhere(dir, subject, stringMask));
}

function madeElsewhere(
  dir: string,
  subject: string,
  stringMask: string,
  { curve = 'prime256v1', isCa = true, form = 'pkcs8' }: Made = {},
): { readonly certificatePem: string; readonly privateKeyPem: string } {
  const [key, certificate] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  const config = join(dir, 'openssl.cnf');
  const text = `[req]\ndistinguished_name=dn\nx509_extensions=ext\nstring_mask=${stringMask}\nutf8=yes\n[dn]\n[ext]\nbasicConstraints=critical,CA:${isCa}\nsubjectKeyIdentifier=hash\nkeyUsage=critical,keyCertSign,cRLSign\n`;
  execFileSync('sh', ['-c', 'cat > "$0"', config], { input: text });
  execFileSync('openssl', ['ecparam', '-name', curve, '-genkey', '-noout', '-out', `${key}.sec1`], { stdio: 'pipe' });
  execFileSync('openssl', ['pkcs8', '-topk8', '-nocrypt', '-in', `${key}.sec1`, '-out', key], { stdio: 'pipe' });
  const args = ['req', '-x509', '-new', '-key', key, '-subj', subject, '-days', '30', '-utf8', '-config', config, '-out', certificate];
  execFileSync('openssl', args, { stdio: 'pipe' });
  return { certificatePem: readFileSync(certificate, 'utf8'), privateKeyPem: readFileSync(form === 'sec1' ? `${key}.sec1` : key, 'utf8') };
}

const subjectOf = (pem: string): string => Buffer.from(new x509.X509Certificate(pem).subjectName.toArrayBuffer()).toString('hex');
const issuerOf = (pem: string): string => Buffer.from(new x509.X509Certificate(pem).issuerName.toArrayBuffer()).toString('hex');

describe('under an authority made elsewhere', () => {
  const scratch = temporaryDir();
  afterAll(() => {
    scratch.remove();
  });

  it.each([
    ['plain text as UTF8String', '/C=CN/O=hospital/CN=ca.hospital.example', 'utf8only'],
    ['plain text as PrintableString', '/C=CN/O=hospital/CN=ca.hospital.example', 'pkix'],
    ['Chinese', '/C=CN/O=联医医院/CN=根证书', 'utf8only'],
    ['commas, quotes and a plus in the name', '/O=A, B + "C"/CN=a\\/b', 'utf8only'],
    ['two units and an e-mail address', '/O=h/OU=x/OU=y/emailAddress=ca@h.example/CN=ca', 'nombstr'],
  ])('certificates and lists name it byte for byte: %s', async (_what, subject, stringMask) => {
    const ca = await foreignAuthority(scratch.dir, subject, stringMask);
    const name = subjectOf(ca.certificatePem);
    const identity = await issueIdentity(ca, { commonName: 'u', organization: 'h', organizationalUnits: ['client'] });
    const tls = await issueTls(ca, { commonName: 'n', organization: 'h', hosts: [] });
    const renewed = await renewCertificate(ca, identity.certificatePem);
    expect([identity.certificatePem, tls.certificatePem, renewed].map(issuerOf)).toEqual([name, name, name]);
    expect(subjectOf(renewed)).toBe(subjectOf(identity.certificatePem));
    const list = await createRevocationList(ca, [identity.certificatePem]);
    const der = Buffer.from(list.replace(/-----[^-]+-----/g, ''), 'base64');
    expect(der.includes(Buffer.from(name, 'hex'))).toBe(true);
  });

  it('a key in the form of SEC 1 signs as well', async () => {
    const ca = await loadCertificateAuthority(madeElsewhere(scratch.dir, '/CN=sec1', 'utf8only', { form: 'sec1' }));
    const { certificatePem } = await issueIdentity(ca, { commonName: 'u', organization: 'h', organizationalUnits: ['client'] });
    expect(await new x509.X509Certificate(certificatePem).verify({ publicKey: ca.certificate, signatureOnly: true })).toBe(true);
  });

  type Pair = ReturnType<typeof madeElsewhere>;
  it.each<readonly [string, Made, (pair: Pair, other: Pair) => Pair, string]>([
    ['the key of another', {}, (pair, { privateKeyPem }) => ({ ...pair, privateKeyPem }), 'other-key'],
    ['a key of another curve', { curve: 'secp384r1' }, (pair) => pair, 'other-kind'],
    ['half a key', {}, (pair) => ({ ...pair, privateKeyPem: pair.privateKeyPem.slice(0, 80) }), 'no-key'],
    ['its certificate for a key', {}, (pair) => ({ ...pair, privateKeyPem: pair.certificatePem }), 'no-key'],
    ['a certificate that may not issue', { isCa: false }, (pair) => pair, 'no-authority'],
    [
      'a certificate behind a byte order mark',
      {},
      (pair) => ({ ...pair, certificatePem: `\ufeff${pair.certificatePem}` }),
      'no-certificate',
    ],
    [
      'a certificate in lines of carriage returns',
      {},
      (pair) => ({ ...pair, certificatePem: pair.certificatePem.replaceAll('\n', '\r') }),
      'no-certificate',
    ],
    ['its key for a certificate', {}, (pair) => ({ ...pair, certificatePem: pair.privateKeyPem }), 'no-certificate'],
  ])('nothing is issued with %s', async (_what, made, changed, why) => {
    const other = madeElsewhere(scratch.dir, '/CN=other', 'utf8only');
    const pair = changed(madeElsewhere(scratch.dir, '/CN=ca', 'utf8only', made), other);
    await expect(loadCertificateAuthority(pair)).rejects.toMatchObject({ name: 'UnusableAuthority', why });
  });
});
