import {
  hashOfVersion,
  mspIdSchema,
  pseudonymSchema,
  recordIdSchema,
  sha256,
  type VersionIdentity,
  versionIdentityOf,
} from '@lianyi/domain';
import { type ObjectStore, type ReadableObject } from '../vault/object-store';
import { DepositedObjects } from './deposited-objects';
import { type Deposit, Deposits } from './deposits';

const custodian = mspIdSchema.parse('HospitalAMSP');
const network = { channel: 'emr', genesis: sha256('block 0') };
const version = versionIdentityOf(network, {
  pseudonym: pseudonymSchema.parse('pseudonym-1'),
  recordId: recordIdSchema.parse('record-1'),
  version: 1,
});
const cipherSha256 = sha256('sealed bytes');
const record = { ...version, cipherSha256 };
const depositFor = (changed: Partial<VersionIdentity> = {}): Deposit => ({
  ...{ objectSha256: cipherSha256, depositor: custodian },
  versionHash: hashOfVersion({ ...version, ...changed }),
});

describe('the objects of a vault', () => {
  let deposits: Deposits;
  let objects: DepositedObjects;
  const opened = { sha256: cipherSha256 } as ReadableObject; // whatever the vault gives

  beforeEach(() => {
    deposits = new Deposits(':memory:');
    const vault: Pick<ObjectStore, 'get'> = { get: () => Promise.resolve(opened) };
    objects = new DepositedObjects({ network, vault, deposits });
  });
  afterEach(() => deposits.close());

  it('open for the version that their custodian deposited them for, however often that was', async () => {
    for (const deposit of [depositFor(), depositFor(), depositFor({ version: 2 })]) await deposits.add(deposit);
    expect(await objects.open(record, custodian)).toBe(opened);
  });

  it.each<readonly [string, Deposit | undefined]>([
    ['was deposited by nobody', undefined],
    ['another member deposited', { ...depositFor(), depositor: mspIdSchema.parse('HospitalBMSP') }],
    ['is another', { ...depositFor(), objectSha256: sha256('other bytes') }],
    ['was deposited for another patient', depositFor({ pseudonym: pseudonymSchema.parse('pseudonym-2') })],
    ['was deposited for another record', depositFor({ recordId: recordIdSchema.parse('record-2') })],
    ['was deposited for another version', depositFor({ version: 2 })],
    ['was deposited on another channel', depositFor({ channel: 'other' })],
    ['was deposited on a channel of the same name on another network', depositFor({ genesis: sha256('another block 0') })],
  ])('do not open when what lies there %s', async (_what, deposit) => {
    if (deposit !== undefined) await deposits.add(deposit);
    await expect(objects.open(record, custodian)).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
  });
});
