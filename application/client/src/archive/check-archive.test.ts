import { sha256 } from '@lianyi/domain';
import { document, recordId, witnessOrganisation } from '../member-api/exchange-of.fixture';
import { newPrivateKey, publicKeyOf } from '../signing/p256';
import { archiveOf, type ArchiveFile, evidence, evidenceFile, originalFile, serviceKeyHash } from './archive.fixture';
import { ArchiveCheck, type ArchiveReport } from './check-archive';
import { MANIFEST_FILE, SIGNATURE_FILE } from './manifest';
import { type RecordEvidence } from './record-evidence';

async function check(files: readonly ArchiveFile[], known = new Map<string, ReturnType<typeof sha256>>()): Promise<ArchiveReport> {
  const checking = new ArchiveCheck(known);
  for (const { name, bytes } of files) await checking.take(name, bytes);
  return checking.finish();
}
const faultOf = (checking: Promise<unknown>): Promise<string> =>
  checking.then(
    () => 'holds',
    (error: unknown) => {
      const { code, details } = error as { code: string; details: { file: string; obstacle: string } };
      return `${code} ${details.file} ${details.obstacle}`;
    },
  );
const flipped = (bytes: Uint8Array, at = 20): Uint8Array => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
const withChanged = (files: readonly ArchiveFile[], name: string, act: (bytes: Uint8Array) => Uint8Array): readonly ArchiveFile[] =>
  files.map((file) => (file.name === name ? { name, bytes: act(file.bytes) } : file));

describe('an archive', () => {
  let honest: RecordEvidence;
  let files: readonly ArchiveFile[];
  beforeAll(async () => {
    honest = await evidence();
    files = archiveOf(honest);
  });
  const evil = (change: (of: RecordEvidence) => unknown): readonly ArchiveFile[] =>
    archiveOf(honest, { change: { [evidenceFile]: change } });

  it('holds by its own evidence, and says who has signed', async () => {
    expect(await check(files, new Map([['HospitalAMSP', serviceKeyHash]]))).toMatchObject({
      ...{ pseudonym: 'pseudonym-1', files: 4, notOpened: [], signedBy: { kind: 'patient' } },
      records: [{ recordId, version: 1, serviceKeyHash, vaultMspIds: ['HospitalAMSP', 'HospitalCMSP'], witnessMspId: witnessOrganisation }],
    });
  });

  it('holds where a record is missing of which it says why', async () => {
    const change = { 'ledger/records.json': () => ({ items: [{ recordId }, { recordId: 'record-2' }] }) };
    const said = archiveOf(honest, { change, notOpened: [{ recordId: 'record-2', reasons: ['RECORD_RETRACTED'] }] });
    expect((await check(said)).notOpened).toHaveLength(1);
    expect(await faultOf(check(archiveOf(honest, { change })))).toBe('ARCHIVE_BROKEN records/record-2/evidence.json missing');
  });

  it.each([originalFile, evidenceFile, 'ledger/records.json', 'ledger/pseudonym.json', MANIFEST_FILE, SIGNATURE_FILE])(
    'is refused by the name of the file when a byte of %s is another',
    async (name) => {
      // where a byte of the list is changed, it may be a file of it that does not fit any more
      const fault = await faultOf(check(withChanged(files, name, flipped)));
      expect(fault).toMatch(name === MANIFEST_FILE ? /^ARCHIVE_BROKEN / : new RegExp(`^ARCHIVE_BROKEN ${name} `));
    },
  );

  it.each([originalFile, evidenceFile, 'ledger/records.json', 'ledger/pseudonym.json', MANIFEST_FILE, SIGNATURE_FILE])(
    'is refused without %s',
    async (name) => {
      expect(await faultOf(check(files.filter((file) => file.name !== name)))).toMatch(/^ARCHIVE_BROKEN /);
    },
  );

  it('is refused with another document, even if the list was made anew and signed by the wallet', async () => {
    expect(await faultOf(check(archiveOf(honest, { original: Uint8Array.from(flipped(document)) })))).toBe(
      `ARCHIVE_BROKEN ${originalFile} not-the-document`,
    );
  });

  it.each<readonly [string, (of: RecordEvidence) => unknown, string]>([
    ['another data key', (of) => ({ ...of, seal: { ...of.seal, dataKey: 'A'.repeat(43) } }), 'data-key'],
    ['an object of another salt', (of) => ({ ...of, seal: { ...of.seal, salt: 'A'.repeat(32) } }), 'not-the-document'],
    ['another class than the witness has', (of) => ({ ...of, record: { ...of.record, class: 'history' } }), 'witness-of-another'],
    ['another custodian', (of) => ({ ...of, custodianMspId: 'HospitalBMSP' }), 'not-the-document'],
    ['another network', (of) => ({ ...of, genesis: sha256('another') }), 'data-key'],
    [
      'a release signed with another key',
      (of) => ({ ...of, release: { ...of.release, attestation: { ...of.release.attestation, publicKey: publicKeyOf(newPrivateKey()) } } }),
      'release-signature',
    ],
    [
      'a release of another version',
      (of) => {
        const { attestation } = of.release;
        return { ...of, release: { ...of.release, attestation: { ...attestation, statement: { ...attestation.statement, version: 2 } } } };
      },
      'release-of-another',
    ],
    [
      'a vault of another key',
      (of) => ({ ...of, vaults: of.vaults.map((vault) => ({ ...vault, receiptPublicKey: publicKeyOf(newPrivateKey()) })) }),
      'receipt-signature',
    ],
    ['a receipt left out', (of) => ({ ...of, record: { ...of.record, receipts: of.record.receipts.slice(0, 1) } }), 'record.receipts'],
    ['a word more', (of) => ({ ...of, more: true }), 'form'],
    ['another record', (of) => ({ ...of, record: { ...of.record, recordId: 'record-2' } }), 'record.recordId'],
  ])('is refused with evidence of %s, whoever has signed the list', async (_what, change, obstacle) => {
    const fault = await faultOf(check(evil(change)));
    expect(fault).toMatch(/^ARCHIVE_BROKEN records\/record-1\/(evidence|original)\.json/);
    expect(fault.endsWith(obstacle)).toBe(true);
  });

  it('is refused where the key service is another than who verifies knows', async () => {
    const known = new Map([['HospitalAMSP', sha256('another key')]]);
    expect(await faultOf(check(files, known))).toBe(`ARCHIVE_BROKEN ${evidenceFile} other-key-service`);
  });

  it.each<readonly [string, () => readonly ArchiveFile[], string]>([
    ['a list signed by another wallet', () => archiveOf(honest, { signer: newPrivateKey() }), `${SIGNATURE_FILE} other-key`],
    [
      'the signature of another archive',
      () => [...files.slice(0, -1), ...archiveOf(honest, { notOpened: [{ recordId: 'r', reasons: ['X1'] }] }).slice(-1)],
      `${SIGNATURE_FILE} requestHash`,
    ],
    ['a file that the list lacks', () => [{ name: 'summary.json', bytes: document }, ...files], `${evidenceFile} missing`],
    ['a file behind the end', () => [...files, { name: 'summary.json', bytes: document }], 'summary.json behind-the-end'],
    ['a file twice', () => [...files.slice(2, 3), ...files.slice(2)], 'ledger/records.json twice'],
    ['a document without evidence', () => files.slice(1), `${originalFile} without-evidence`],
    ['evidence without its document', () => [...files.slice(0, 1), ...files.slice(2)], `${evidenceFile} without-document`],
    ['a name that leads out', () => [{ name: '../../.profile', bytes: document }, ...files], '../../.profile name'],
    ['no JSON in a list', () => withChanged(files, 'ledger/records.json', () => document.subarray(1)), 'ledger/records.json json'],
    [
      'a list of another pseudonym',
      () => archiveOf(honest, { change: { [MANIFEST_FILE]: (of: object) => ({ ...of, pseudonym: 'pseudonym-2' }) } }),
      `${MANIFEST_FILE} pseudonym`,
    ],
    [
      'a record that the ledger does not list',
      () => archiveOf(honest, { change: { 'ledger/records.json': () => ({ items: [] }) } }),
      `${evidenceFile} not-on-the-ledger`,
    ],
  ])('is refused with %s', async (_what, made, fault) => {
    expect(await faultOf(check(made()))).toBe(`ARCHIVE_BROKEN ${fault}`);
  });
});
