import { newPrivateKey, type PrivateKey } from '@lianyi/client';
import { type DeviceIdentity, identifyDevice, signAsDevice } from '@lianyi/client/devices';
import { type ActorReference, canonicalJson, deviceSchema, instantOf, mspIdSchema, pseudonymSchema, sha256 } from '@lianyi/domain';
import { laboratoryReport, type PatientCase, permission } from '../scenario/patient-case';
import { type Roster } from '../scenario/roster';
import { type AttackOutcome } from './attack';
import { ledgerKey } from './forged-transaction';
import { refusedWith } from './staff';

type Writes = Readonly<Record<string, string>>;

/** A meter of hospital A, as it says itself who it is. */
export function newMeter({ scenario, custodian }: PatientCase): { readonly key: PrivateKey; readonly identity: DeviceIdentity } {
  const key = newPrivateKey();
  const home = { mspId: mspIdSchema.parse(custodian), network: scenario.network };
  return { key, identity: identifyDevice(key, home, { model: 'glucose-meter' }) };
}

/** A device that is written as attested and in use: key and text, as others write it. @param by - who has attested it, as is written; left out: any administrator */
export function forgedDevice(mspId: string, identity: DeviceIdentity, by?: ActorReference): Writes {
  const { possession: _possession, ...fields } = identity;
  const now = instantOf(Date.now());
  const origin = { requestHash: sha256('whatever'), actor: by ?? { kind: 'administrator', mspId, keyHash: sha256('a key') } };
  const entry = { schemaVersion: 1, mspId, ...fields, state: 'active', attestedAt: now, changedAt: now, origin };
  return { [ledgerKey('device', mspId, fields.deviceId)]: canonicalJson(deviceSchema.parse(entry)) };
}

/**
 * A's laboratory publishes in good faith what somebody has signed with a meter's key, and B's cardiologist reads it. It succeeds if the reader is told
 * that the meter has made it, and nothing of a revocation.
 */
export async function publishAndRead(
  known: PatientCase,
  { labA, cardiologistB }: Roster,
  meter: ReturnType<typeof newMeter>,
): Promise<AttackOutcome> {
  const { network, a, b, c } = known.scenario;
  const [bytes, pseudonym] = [laboratoryReport, pseudonymSchema.parse(known.pseudonym)];
  const home = { mspId: mspIdSchema.parse(known.custodian), network };
  const signed = await signAsDevice(meter.key, home, { pseudonym, bytes, observedAt: instantOf(Date.now()) });
  const { recordId, nonce, device } = signed;
  if (nonce === undefined) throw new Error('a new record has one');
  const document = { network, pseudonym, recordId, nonce, bytes, device, replicaMspIds: [c.member.mspId] };
  const refused = await refusedWith(
    labA.client.prepareRecord(document, labA.sign).then((prepared) => labA.client.publishRecord(document, prepared, labA.sign)),
  );
  if (refused !== undefined) return { succeeded: false, seen: `nothing is published: ${refused}` };
  await known.grant([permission()]);
  await Promise.all([known.scenario.catchUp(a), known.scenario.catchUp(b)]);
  const reading = known.read(cardiologistB, await known.ask(cardiologistB, { recordIds: [recordId] }), recordId);
  const code = await refusedWith(reading);
  if (code !== undefined) return { succeeded: false, seen: `nothing is read: ${code}` };
  const { authoredBy } = await reading;
  const isBelieved = authoredBy?.deviceId === meter.identity.deviceId && authoredBy.revoked === undefined;
  return {
    succeeded: isBelieved,
    seen: isBelieved ? 'the reader is told that a meter of A has made it' : 'the reader is told of no meter in use',
  };
}
