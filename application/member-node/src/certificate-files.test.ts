import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newAuthority, type TestAuthority } from '@lianyi/test/support/test-certificates';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { CertificateFiles, type CertificatePair } from './certificate-files';

const day = 86_400_000;
const log = { info: jest.fn(), warn: jest.fn() };

describe('certificate and key in files', () => {
  let authority: TestAuthority;
  let files: { what: string; certFile: string; keyFile: string };
  const issued = (days = 100): Promise<CertificatePair> =>
    authority.issue('node', { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + days * day) });
  const write = ({ cert, key }: CertificatePair): void => {
    writeFileSync(files.certFile, cert);
    writeFileSync(files.keyFile, key);
  };

  beforeAll(async () => {
    authority = await newAuthority('TLS');
  });
  beforeEach(() => {
    const folder = scratchDirectory();
    files = { what: 'TLS', certFile: join(folder, 'server.crt'), keyFile: join(folder, 'server.key') };
    jest.clearAllMocks();
  });

  it('are taken over when both are renewed, and not while they do not fit each other', async () => {
    const [former, next] = [await issued(), await issued()];
    write(former);
    const read = await CertificateFiles.open(files, log);
    const renewed = jest.fn();
    await read.look(renewed);
    writeFileSync(files.certFile, next.cert);
    await read.look(renewed);
    await read.look(renewed);
    expect(read.current).toEqual(former);
    expect(renewed).not.toHaveBeenCalled();
    expect(log.warn).toHaveBeenCalledTimes(1);
    writeFileSync(files.keyFile, next.key);
    await read.look(renewed);
    await read.look(renewed);
    expect(read.current).toEqual(next);
    expect(renewed.mock.calls).toEqual([[next]]);
  });

  it.each<readonly [string, (former: CertificatePair) => CertificatePair | Promise<CertificatePair>]>([
    ['a file is gone half-way', (former) => ({ ...former, cert: '' })],
    ['a file holds something else', (former) => ({ ...former, key: 'no key' })],
    ['what comes has ended already', () => issued(-1)],
  ])('stay as they were while %s', async (_what, becomes) => {
    const former = await issued();
    write(former);
    const read = await CertificateFiles.open(files, log);
    write(await becomes(former));
    const renewed = jest.fn();
    await read.look(renewed);
    expect(renewed).not.toHaveBeenCalled();
    expect(read.current).toEqual(former);
  });

  it.each<readonly [string, () => Promise<CertificatePair>, RegExp]>([
    ['that has ended', () => issued(-1 / 24 / 120), /ended at/],
    [
      'that has not begun',
      () => authority.issue('node', { notBefore: new Date(Date.now() + day), notAfter: new Date(Date.now() + 2 * day) }),
      /begins at/,
    ],
    ['of another key', async () => ({ ...(await issued()), key: (await issued()).key }), /not the key of/],
    ['that is none', () => Promise.resolve({ cert: 'text', key: 'text' }), /no certificate/],
  ])('let no node start with a certificate %s', async (_what, pair, cause) => {
    write(await pair());
    await expect(CertificateFiles.open(files, log)).rejects.toMatchObject({ code: 'CERTIFICATE_UNUSABLE', details: { cause } });
  });

  it('let no node start without them, and name the file', async () => {
    await expect(CertificateFiles.open(files, log)).rejects.toMatchObject({
      code: 'CERTIFICATE_UNUSABLE',
      details: { file: files.certFile, cause: 'it cannot be read' },
    });
  });

  it('announce their end two weeks ahead, and say when it has come', async () => {
    write(await issued(20));
    let now = Date.now();
    const read = await CertificateFiles.open(files, log, () => now);
    expect([read.warning, read.fault]).toEqual([undefined, undefined]);
    now += 7 * day;
    expect(read.warning).toMatch(/^the certificate for TLS ends at 20/);
    expect(read.fault).toBeUndefined();
    now += 13 * day;
    expect(read.warning).toBeUndefined();
    expect(read.fault).toMatch(/^the certificate for TLS ended at 20/);
    await read.look(jest.fn());
    await read.look(jest.fn());
    expect(log.warn.mock.calls.filter(([, text]) => /ended at/.test(String(text)))).toHaveLength(1);
  });
});
