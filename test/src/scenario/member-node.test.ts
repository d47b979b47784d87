import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { newPrivateKey, type PrivateKey, publicKeyOf, type RequestSigner } from '@lianyi/client';
import { instantOf, mspIdSchema, type Outcome, type Sha256, transactions } from '@lianyi/domain';
import { carry } from './carry';
import { type Hospital, World } from './member-node-world';
import { type Patient } from './patient';
import { newRecordId, newTicketId } from './owned-ids';

const document = readFileSync(resolve(__dirname, '../../../application/examples/laboratory-report-zh.json'));

jest.setTimeout(300_000);

/** Member nodes on the embedded network: nothing mocked between HTTPS and the ledger. */
describe('member nodes', () => {
  let world: World;
  let registrar: RequestSigner;
  let recordAdmin: RequestSigner;
  let cardiologist: RequestSigner;
  let nurse: RequestSigner;
  let patient: Patient;
  let cipherSha256: Sha256;
  let recordId: string;

  beforeAll(async () => {
    world = await World.start();
    registrar = await world.hire('HospitalAMSP', 'registrar-1', ['registrar']);
    recordAdmin = await world.hire('HospitalAMSP', 'archive-1', ['recordAdmin']);
    cardiologist = await world.hire('HospitalBMSP', 'cardiologist-1', ['clinician'], ['cardiology']);
    nurse = await world.hire('HospitalBMSP', 'nurse-1', ['nurse'], ['cardiology']);
    patient = world.newPatient('HospitalAMSP');
    const a = world.hospital('HospitalAMSP').client;
    const { pseudonym } = patient;
    await carry(a, transactions.RegisterPatient, patient.registration, { sign: registrar });
    await carry(a, transactions.ProposeRelationship, { pseudonym, type: 'care' }, { sign: registrar });
    await carry(a, transactions.AcceptRelationship, { pseudonym, mspId: 'HospitalAMSP' }, { sign: patient.sign });
    patient.roll();
    const ids = newRecordId('HospitalAMSP', pseudonym);
    ({ recordId } = ids);
    const toPublish = { network: world.identity, pseudonym, ...ids, bytes: document, replicaMspIds: ['HospitalCMSP'] };
    const prepared = await a.prepareRecord(toPublish, recordAdmin);
    const published = await a.publishRecord(toPublish, prepared, recordAdmin);
    expect(published.result).toEqual({ recordId, version: 1, state: 'current' });
    const record = await carry(a, transactions.GetRecord, { pseudonym, recordId }, { sign: registrar });
    cipherSha256 = record.result.cipherSha256;
    expect(record.result.locators.map(({ mspId }) => mspId)).toEqual(['HospitalAMSP', 'HospitalCMSP']);
  });
  afterAll(async () => {
    await world.stop();
  });

  const grantee = { kind: 'department', mspId: 'HospitalBMSP', name: 'cardiology' } as const;

  async function ask(): Promise<{
    ticketId: string;
    ephemeralKey: PrivateKey;
    answer: Outcome<{ decision: string; reasons: readonly string[] }>;
  }> {
    const made = newTicketId({ hospital: { member: { mspId: 'HospitalBMSP' } }, actorTag: 'cardiologist-1' });
    const { ticketId } = made;
    const ephemeralKey = newPrivateKey();
    const input = {
      ...made,
      pseudonym: patient.pseudonym,
      recordIds: [recordId],
      purpose: 'TREAT' as const,
      department: 'cardiology',
      ephemeralPublicKey: publicKeyOf(ephemeralKey),
    };
    return {
      ticketId,
      ephemeralKey,
      answer: await carry(world.hospital('HospitalBMSP').client, transactions.RequestAccess, input, { sign: cardiologist }),
    };
  }
  const read = (ticket: { ticketId: string; ephemeralKey: PrivateKey }, sign = cardiologist, hospital: Hospital = 'HospitalBMSP') =>
    world.hospital(hospital).client.readDocument(
      {
        ...{ ...ticket, recordId, pseudonym: patient.pseudonym, network: world.identity, mspId: mspIdSchema.parse('HospitalBMSP') },
        witness: world.hospital('HospitalCMSP').client,
      },
      sign,
    );

  async function grant(): Promise<void> {
    const now = Date.now();
    const provision = {
      provisionId: 'treatment',
      effect: 'permit' as const,
      purposes: ['TREAT' as const],
      maxDataLevel: 4 as const,
      validFrom: instantOf(now - 60_000),
      validUntil: instantOf(now + 3_600_000),
    };
    await carry(
      world.hospital('HospitalAMSP').client,
      transactions.GrantPolicy,
      { pseudonym: patient.pseudonym, grantee, provisions: [provision] },
      { sign: patient.sign },
    );
    patient.roll();
  }

  const objectFile = (mspId: Hospital): string => {
    const name = Buffer.from(cipherSha256, 'base64url').toString('hex');
    return join(world.hospital(mspId).config.dataDir, 'vault', 'objects', name.slice(0, 2), name);
  };

  it('answers a denial as an answer, and hands out no key for it', async () => {
    const ticket = await ask();
    expect(ticket.answer.result).toMatchObject({ decision: 'deny', reasons: ['NO_CONSENT'] });
    expect(ticket.answer.blockNumber).toBeGreaterThan(0n);
    await expect(read(ticket)).rejects.toMatchObject({ code: 'TICKET_CLOSED' });
  });

  it('opens the document for a committed permit, byte for byte', async () => {
    await grant();
    const ticket = await ask();
    expect(ticket.answer.result.decision).toBe('permit');
    const opened = await read(ticket);
    expect(document.equals(opened.bytes)).toBe(true);
    expect(opened.source.mspId).toBe('HospitalAMSP');
    expect(opened.releaseTransactionId).toMatch(/^[0-9a-f]{64}$/);
  });

  it('takes another replica when the custodian’s copy is lost', async () => {
    const kept = readFileSync(objectFile('HospitalAMSP'));
    rmSync(objectFile('HospitalAMSP'));
    const opened = await read(await ask());
    expect(document.equals(opened.bytes)).toBe(true);
    expect(opened.source.mspId).toBe('HospitalCMSP');
    expect(opened.rejected).toEqual([{ mspId: 'HospitalAMSP', endpointId: 'vault', code: 'NOT_FOUND' }]);
    writeFileSync(objectFile('HospitalAMSP'), kept);
  });

  it('names a tampered replica and takes the next; with no good one left it refuses', async () => {
    const kept = readFileSync(objectFile('HospitalAMSP'));
    const changed = Buffer.from(kept);
    changed[100] = (changed[100] ?? 0) ^ 1;
    writeFileSync(objectFile('HospitalAMSP'), changed);
    const ticket = await ask();
    const opened = await read(ticket);
    expect(document.equals(opened.bytes)).toBe(true);
    expect(opened.rejected).toEqual([{ mspId: 'HospitalAMSP', endpointId: 'vault', code: 'HASH_MISMATCH' }]);
    writeFileSync(objectFile('HospitalCMSP'), changed);
    await expect(read(ticket)).rejects.toMatchObject({
      code: 'HASH_MISMATCH',
      details: { 'HospitalAMSP/vault': 'HASH_MISMATCH', 'HospitalCMSP/vault': 'HASH_MISMATCH' },
    });
    writeFileSync(objectFile('HospitalAMSP'), kept);
    writeFileSync(objectFile('HospitalCMSP'), kept);
  });

  it('gives one person’s ticket to nobody else, of the same hospital or another', async () => {
    const ticket = await ask();
    await expect(read(ticket, nurse)).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
    await expect(read(ticket, cardiologist, 'HospitalCMSP')).rejects.toMatchObject({ code: 'PROOF_MISMATCH' });
  });

  it('does not open for another ephemeral key', async () => {
    const ticket = await ask();
    await expect(read({ ...ticket, ephemeralKey: newPrivateKey() })).rejects.toMatchObject({ code: 'ANSWER_DIFFERS' });
  });

  it('refuses to release after a revocation, on a ticket that was permitted before it', async () => {
    const ticket = await ask();
    expect(ticket.answer.result.decision).toBe('permit');
    await carry(
      world.hospital('HospitalAMSP').client,
      transactions.RevokePolicy,
      { pseudonym: patient.pseudonym, grantee, previousVersion: 1 },
      { sign: patient.sign },
    );
    patient.roll();
    await expect(read(ticket)).rejects.toMatchObject({ code: 'TICKET_CLOSED' });
    expect((await ask()).answer.result).toMatchObject({ decision: 'deny' });
  });

  it('writes every release into the patient’s audit, and none for refusals', async () => {
    const { result } = await carry(
      world.hospital('HospitalAMSP').client,
      transactions.ListForPatient,
      { pseudonym: patient.pseudonym, limit: 100 },
      { sign: patient.sign },
    );
    const released = result.items.filter(({ event }) => event === 'KeyReleased');
    // read once, from the replica, past the tampered one, with none left, with the wrong key: five; denied, foreign and revoked: none
    expect(released).toHaveLength(5);
    expect(result.items.filter(({ decision }) => decision === 'deny').length).toBeGreaterThanOrEqual(2);
  });
});
