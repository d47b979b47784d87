import { X509Certificate } from 'node:crypto';
import { sha256, transactions } from '@lianyi/domain';
import { doubtfulIdentities, sameCertificate } from '@lianyi/test/support/identity-spellings';
import { administered, asked, certificates, hired, hrAdminA, person, staffEntry, staffFieldsOf, staffKey } from './member-chain.fixture';
import { type PatientChain, usePatientChain } from './patient-chain.fixture';

const clinicianA = person('AMSP', 'clinician', ['clinician'], ['internal']);
const mallory = person('AMSP', 'mallory', ['clinician'], ['internal']);
const DEFAULT = { provisionIds: ['default'], grantVersions: [] };

describe('who asked, by the identity under a transaction', () => {
  const used = usePatientChain();
  let chain: PatientChain;
  beforeEach(() => {
    chain = used();
  });
  const isStaff = async ({ mspId, actorTag }: typeof mallory): Promise<boolean | undefined> =>
    (await chain.index.staffShown(mspId, actorTag))?.isProven;

  it.each(Object.entries(sameCertificate))('is the administrator by a certificate %s', async (_how, spelled) => {
    await chain.add({ ...hired(clinicianA), creatorCertificate: spelled(certificates.admin) });
    expect(await isStaff(clinicianA)).toBe(true);
    expect(chain.names()).toEqual([]);
  });

  it.each(Object.entries(doubtfulIdentities))('is no administrator with an identity of %s', async (_what, identity) => {
    const writes = { [staffKey('AMSP', 'mallory')]: staffEntry(mallory) };
    const call = administered('AMSP', transactions.RegisterStaff, staffFieldsOf(mallory), writes);
    await chain.add({ ...call, creatorCertificate: identity(certificates.client, certificates.admin) });
    expect(await isStaff(mallory)).toBe(false);
    expect(chain.names()).toEqual(['staff-without-command']);
    // nor is it where the administrator's true certificate stands in it
    await chain.add({ ...call, creatorCertificate: identity(certificates.admin, certificates.client) });
    expect(await isStaff(mallory)).toBe(false);
    await chain.add(asked(mallory, DEFAULT));
    expect(await chain.wordOn(mallory, DEFAULT)).toBe('request');
  });

  it.each(Object.entries(doubtfulIdentities))(
    'is nobody, whoever has signed the request, with an identity of %s',
    async (_what, identity) => {
      await chain.add(hired(clinicianA));
      await chain.add({ ...asked(clinicianA, DEFAULT), creatorCertificate: identity(certificates.client, certificates.admin) });
      expect(await chain.wordOn(clinicianA, DEFAULT)).toBe('request');
      expect(chain.names()).toEqual(['ticket-without-request']);
    },
  );

  it('is nobody with bytes that are no text', async () => {
    const bytes = Buffer.from(certificates.admin);
    for (const [at, byte] of [
      [40, 0xff],
      [200, 0x80],
      [bytes.length - 1, 0xc0],
    ] as const) {
      const spoilt = Buffer.from(bytes);
      spoilt[at] = byte;
      await chain.add({ ...hired(mallory), creatorCertificate: spoilt });
      expect(await isStaff(mallory)).toBe(false);
    }
  });

  it('is nobody with the certificate of a peer, though a member of staff has its key', async () => {
    const publicKeyHash = sha256(new X509Certificate(certificates.peer).publicKey.export({ type: 'spki', format: 'der' }));
    const entry = { ...staffFieldsOf(hrAdminA), publicKeyHash };
    const hr = { [staffKey('AMSP', hrAdminA.actorTag)]: staffEntry(hrAdminA, { publicKeyHash }) };
    await chain.add(administered('AMSP', transactions.RegisterStaff, entry, hr));
    expect(await isStaff(hrAdminA)).toBe(true);
    const writes = { [staffKey('AMSP', 'mallory')]: staffEntry(mallory, { state: 'pending' }) };
    const call = administered('AMSP', transactions.RegisterStaff, staffFieldsOf(mallory), writes);
    await chain.add({ ...call, creatorCertificate: certificates.peer });
    expect(await isStaff(mallory)).toBe(false);
    expect(chain.names()).toEqual(['staff-without-command']);
  });
});
