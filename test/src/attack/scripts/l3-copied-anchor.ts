import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dekCommitment, newDataKey, newPrivateKey, publicKeyOf, type RequestSigner, staffProofs } from '@lianyi/client';
import { loadKeyFile } from '@lianyi/client/node';
import {
  actorTagSchema,
  contentOf,
  encodeBase64url,
  hashOfJson,
  type MedicalRecord,
  mspIdSchema,
  pseudonymSchema,
  transactions,
  type VersionIdentity,
  versionIdentityOf,
} from '@lianyi/domain';
import { Custody } from '@lianyi/member-node/testing';
import { carry } from '../../scenario/carry';
import { newRecordId, newTicketId } from '../../scenario/owned-ids';
import { type Patient } from '../../scenario/patient';
import { laboratoryReport, PatientCase, permission } from '../../scenario/patient-case';
import { hireRoster, type Roster } from '../../scenario/roster';
import { Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { refusedWith } from '../staff';

/** The node of B with all its keys: B is the rogue. */
async function nodeOfB({ consortium, b, network }: Scenario): Promise<{ readonly custody: Custody; readonly sign: RequestSigner }> {
  const mspId = mspIdSchema.parse(b.member.mspId);
  const folder = consortium.data.node(mspId);
  const config = JSON.parse(readFileSync(join(folder, 'node.json'), 'utf8')) as { readonly keyServiceActorTag: string };
  const actorTag = actorTagSchema.parse(config.keyServiceActorTag);
  return {
    custody: new Custody({ mspId, network, organisationKeyEpoch: 1 }, await loadKeyFile(join(folder, 'kem.pem'))),
    sign: staffProofs({ network, mspId, actorTag, privateKey: await loadKeyFile(join(folder, 'key-service.pem')) }),
  };
}

/** Somebody who is B's patient and grants cardiology of C all they have: an accomplice, or B itself. */
async function accompliceOfB(scenario: Scenario, { registrarB }: Roster): Promise<Patient> {
  const { b, c } = scenario;
  const patient = scenario.newPatient(b);
  const { pseudonym } = patient;
  await carry(registrarB.client, transactions.RegisterPatient, patient.registration, { sign: registrarB.sign });
  await carry(registrarB.client, transactions.ProposeRelationship, { pseudonym, type: 'care' }, { sign: registrarB.sign });
  const accepted = { pseudonym, mspId: b.member.mspId };
  await carry(registrarB.client, transactions.AcceptRelationship, accepted, { sign: patient.sign });
  patient.roll();
  const grantee = { kind: 'department' as const, mspId: c.member.mspId, name: 'cardiology' };
  await carry(registrarB.client, transactions.GrantPolicy, { pseudonym, grantee, provisions: [permission()] }, { sign: patient.sign });
  patient.roll();
  return patient;
}

/** B keeps a key of its own making for the version, so that its key service has something to release. */
async function keepKey(scenario: Scenario, version: VersionIdentity): Promise<VersionIdentity & { readonly dekCommitment: string }> {
  const { custody, sign } = await nodeOfB(scenario);
  const dataKey = newDataKey();
  const committed = { ...version, dekCommitment: dekCommitment(dataKey, version) };
  const salt = encodeBase64url(new Uint8Array(32));
  const envelope = await custody.seal(dataKey, { ...committed, keyEpoch: 1 });
  const transient = transactions.PutEnvelope.transient.parse({ envelope, details: {}, salts: { content: salt, dek: salt } });
  const { pseudonym, recordId } = version;
  const input = { pseudonym, recordId, keyEpoch: 1, transientSha256: hashOfJson(transient) };
  await carry(scenario.client(scenario.b), transactions.PutEnvelope, input, { sign, transient });
  return committed;
}

/**
 * B anchors what the ledger shows of A's record (hash, places, receipts) as a record of its own patient, and C's cardiologist, to whom A's
 * patient has granted nothing, asks for that.
 * @returns what it ended with; `SEAL_BROKEN`: the ciphertext came, and the key did not fit it
 */
async function readByCopiedAnchor(scenario: Scenario, staff: Roster, victim: MedicalRecord): Promise<string> {
  const { b, c, network } = scenario;
  const labB = await scenario.hire(b, 'lab');
  const patient = await accompliceOfB(scenario, staff);
  const ids = newRecordId(b.member.mspId, patient.pseudonym);
  const { recordId } = ids;
  const pseudonym = pseudonymSchema.parse(patient.pseudonym);
  const committed = await keepKey(scenario, versionIdentityOf(network, { pseudonym, recordId, version: 1 }));
  const copied = { ...contentOf(victim), dekCommitment: committed.dekCommitment, keyEpoch: 1 };
  const anchor = carry(labB.client, transactions.AnchorRecord, { pseudonym, ...ids, ...copied }, { sign: labB.sign });
  const refused = await refusedWith(anchor);
  if (refused !== undefined) return `anchor ${refused}`;
  const { clinicianC } = staff;
  const ephemeralKey = newPrivateKey();
  const ticket = newTicketId(clinicianC);
  const asked = { ...ticket, pseudonym, recordIds: [recordId], purpose: 'TREAT' as const, department: 'cardiology' };
  const request = { ...asked, ephemeralPublicKey: publicKeyOf(ephemeralKey) };
  await carry(clinicianC.client, transactions.RequestAccess, request, { sign: clinicianC.sign });
  const { ticketId } = ticket;
  const mspId = mspIdSchema.parse(c.member.mspId);
  const witness = scenario.witnessFor(c);
  const reading = clinicianC.client.readDocument({ ticketId, recordId, pseudonym, network, mspId, ephemeralKey, witness }, clinicianC.sign);
  return (await refusedWith(reading)) ?? 'opened';
}

async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-l3');
  try {
    const staff = await hireRoster(scenario);
    const known = await PatientCase.related(scenario, staff);
    // one copy at A, one at C
    const recordId = await known.publish(laboratoryReport);
    const victim = await known.see(transactions.GetRecord, { pseudonym: known.pseudonym, recordId });
    const seen = await readByCopiedAnchor(scenario, staff, victim);
    return { succeeded: seen === 'SEAL_BROKEN' || seen === 'opened', seen: `reading another’s object by a copied anchor: ${seen}` };
  } finally {
    await scenario.stop();
  }
}

export const copiedAnchor: Attack = {
  id: 'L3',
  title: 'have the ciphertext of a record without a permit for it, from the reader’s own vault, by an anchor copied from the ledger',
  defences: [
    { file: 'domain/src/record/check-receipts.ts', name: 'assertOfVersion', body: '' },
    { file: 'application/member-node/src/services/deposited-objects.ts', name: 'DepositedObjects.#assertDeposited', body: '' },
  ],
  networks: ['embedded'],
  run,
};
