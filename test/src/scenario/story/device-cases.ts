import { newPrivateKey, type PrivateKey } from '@lianyi/client';
import { type AuthorKind, type DeviceIdentity, identifyDevice, signAsDevice, type SignedByDevice } from '@lianyi/client/devices';
import { instantOf, mspIdSchema, pseudonymSchema, type Request, recordIdSchema, transactions } from '@lianyi/domain';
import { type Resource } from '@lianyi/documents/json-object';
import { PATIENT_SOURCE, patientGraphOf, trendsOf } from '@lianyi/graph';
import { carry } from '../carry';
import { laboratoryReport, PatientCase, permission } from '../patient-case';
import { refusalOf, type StaffMember } from '../scenario';
import { type GetWorld } from './world';

const { AttestDevice, ConfirmDevice, GetDevice, GetRecord, ListPermitted, RevokeDevice } = transactions;

/** An observation as a meter makes it: no more than it has measured, and when. */
const observation = (value: number): Buffer =>
  Buffer.from(
    JSON.stringify({
      resourceType: 'Observation',
      meta: { profile: ['http://hl7.org/fhir/StructureDefinition/Observation'] },
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '15074-8', display: 'Glucose [Moles/volume] in Blood' }] },
      subject: { reference: 'Patient/1' },
      effectiveDateTime: '2026-11-29T08:00:00Z',
      valueQuantity: { value, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
    }),
  );

/** A blood pressure, as hospital and patient tell it alike. */
const bloodPressure = (at: string, systolic: number): Resource => ({
  ...{ resourceType: 'Observation', status: 'final', subject: { reference: 'Patient/1' }, effectiveDateTime: at },
  meta: { profile: ['http://hl7.org/fhir/StructureDefinition/Observation'] },
  code: { coding: [{ system: 'http://loinc.org', code: '8480-6', display: 'Systolic blood pressure' }] },
  valueQuantity: { value: systolic, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
});

/** Feature 36: what a device has made is told from what people have, and from what other devices have. */
export function deviceCases(world: GetWorld): void {
  const home = () => ({ mspId: mspIdSchema.parse(world().scenario.a.member.mspId), network: world().scenario.network });
  let keeper: Promise<StaffMember> | undefined;
  /** Who looks after the devices of hospital A. */
  const keeperA = (): Promise<StaffMember> => (keeper ??= world().scenario.hire(world().scenario.a, 'orgAdmin'));
  const byStaff = (who: StaffMember, entry: typeof ConfirmDevice, input: Request<typeof ConfirmDevice>) =>
    carry(who.client, entry, input, { sign: who.sign });

  /** A device of hospital A, attested by one and confirmed by another. */
  const attested = async (
    pseudonym?: string,
    kind: AuthorKind = 'device',
  ): Promise<{ readonly key: PrivateKey; readonly identity: DeviceIdentity }> => {
    const { recordAdminA } = world().staff;
    const attesting = await keeperA();
    const key = newPrivateKey();
    const of = pseudonym === undefined ? undefined : pseudonymSchema.parse(pseudonym);
    const identity = identifyDevice(key, home(), { model: kind === 'patient' ? 'own-word' : 'glucose-meter', pseudonym: of }, kind);
    world().secrets.push(Buffer.from(key.scalar()));
    await carry(attesting.client, AttestDevice, identity, { sign: attesting.sign });
    const { possession: _shown, ...said } = identity;
    await byStaff(recordAdminA, ConfirmDevice, said);
    return { key, identity };
  };
  const sign = async (known: PatientCase, key: PrivateKey, bytes: Uint8Array, by?: AuthorKind): Promise<SignedByDevice> => {
    const observed = { pseudonym: pseudonymSchema.parse(known.pseudonym), bytes, observedAt: instantOf(Date.now()), by };
    const signed = await signAsDevice(key, home(), observed);
    world().salts.push(Buffer.from(signed.device.contentSalt, 'base64url'));
    return signed;
  };

  /** Publishes what a device has signed. */
  const publish = async (known: PatientCase, bytes: Uint8Array, { recordId, nonce, device }: SignedByDevice): Promise<string> => {
    const { labA } = world().staff;
    const { network, c } = world().scenario;
    if (nonce === undefined) throw new Error('a new record');
    const document = { network, pseudonym: known.pseudonym, recordId, nonce, bytes, device, replicaMspIds: [c.member.mspId] };
    await labA.client.publishRecord(document, await labA.client.prepareRecord(document, labA.sign), labA.sign);
    return recordId;
  };

  it('authors a record, which its reader sees, and sees too that it was revoked since', async () => {
    const known = await PatientCase.related(world().scenario, world().staff);
    const { key, identity } = await attested();
    const { deviceId } = identity;
    const signed = await sign(known, key, laboratoryReport);
    const recordId = await publish(known, laboratoryReport, signed);
    const { cardiologistB } = world().staff;
    const revoking = await keeperA();
    await known.grant([permission()]);
    const ticket = await known.ask(cardiologistB, { recordIds: [recordId] });
    const opened = await known.read(cardiologistB, ticket, recordId);
    const author = {
      mspId: known.custodian,
      deviceId,
      model: 'glucose-meter',
      by: 'device',
      of: 'house',
      observedAt: signed.device.observedAt,
    };
    expect(laboratoryReport.equals(opened.bytes)).toBe(true);
    expect(opened.authoredBy).toEqual(author);

    await carry(revoking.client, RevokeDevice, { deviceId, reason: 'lost' }, { sign: revoking.sign });
    await world().scenario.catchUp(cardiologistB.hospital);
    const again = await known.ask(cardiologistB, { recordIds: [recordId] });
    const { revoked } = await known.see(GetDevice, { mspId: known.custodian, deviceId });
    expect((await known.read(cardiologistB, again, recordId)).authoredBy).toEqual({ ...author, revoked });
    expect(await refusalOf(publish(known, laboratoryReport, await sign(known, key, laboratoryReport)))).toBe('DEVICE_REVOKED');
  });

  it('that nobody has attested, or that signed for another document or patient, authors nothing', async () => {
    const known = await PatientCase.related(world().scenario, world().staff);
    const stranger = await sign(known, newPrivateKey(), laboratoryReport);
    expect(await refusalOf(publish(known, laboratoryReport, stranger))).toBe('DEVICE_UNKNOWN');
    const { key } = await attested();
    const signed = await sign(known, key, laboratoryReport);
    const other = Buffer.concat([laboratoryReport, Buffer.from('\n')]);
    expect(await refusalOf(publish(known, other, signed))).toBe('DEVICE_SIGNATURE_INVALID');
    const [neighbour, own] = [await PatientCase.related(world().scenario, world().staff), await sign(known, key, laboratoryReport)];
    const moved = { ...(await sign(neighbour, key, laboratoryReport)), device: own.device };
    expect(await refusalOf(publish(neighbour, laboratoryReport, moved))).toBe('DEVICE_SIGNATURE_INVALID');
    for (const { recordId } of [stranger, signed])
      expect(await refusalOf(known.see(GetRecord, { pseudonym: known.pseudonym, recordId: recordIdSchema.parse(recordId) }))).toBe(
        'NOT_FOUND',
      );
  });

  it('of the patient’s own is what a relationship of devices is for, and staff publish nothing there', async () => {
    const known = PatientCase.unknown(world().scenario, world().staff);
    await known.register();
    const { registrarA } = world().staff;
    const { pseudonym } = known;
    await known.byStaff(registrarA, transactions.ProposeRelationship, { pseudonym, type: 'device' }, 'RelationshipProposed');
    const accepted = { pseudonym, mspId: known.custodian, type: 'device' as const };
    await known.command(transactions.AcceptRelationship, accepted, 'RelationshipAccepted');
    const bytes = observation(6.1);
    expect(await refusalOf(known.publish(bytes))).toBe('DEVICE_NEEDED');
    const house = await attested();
    expect(await refusalOf(publish(known, bytes, await sign(known, house.key, bytes)))).toBe('DEVICE_NEEDED');
    const { key } = await attested(pseudonym);
    const recordId = await publish(known, bytes, await sign(known, key, bytes));
    expect(await known.see(GetRecord, { pseudonym, recordId })).toMatchObject({ class: 'observation', state: 'current' });
    const neighbour = await PatientCase.related(world().scenario, world().staff);
    expect(await refusalOf(publish(neighbour, bytes, await sign(neighbour, key, bytes)))).toBe('DEVICE_OF_ANOTHER_PATIENT');
  });

  it('may be the patient: a series of their own stands beside the hospital’s, and is never taken for it', async () => {
    const known = await PatientCase.related(world().scenario, world().staff);
    const { cardiologistB } = world().staff;
    const { key } = await attested(known.pseudonym, 'patient');
    const said = [bloodPressure('2026-11-28T07:00:00Z', 150), bloodPressure('2026-11-29T08:00:00Z', 148)];
    const own = Buffer.from(JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry: said.map((resource) => ({ resource })) }));
    const measured = Buffer.from(JSON.stringify(bloodPressure('2026-11-29T08:00:00Z', 131)));
    const contributed = await publish(known, own, await sign(known, key, own, 'patient'));
    const recordId = await known.publish(measured);
    await known.grant([permission()]);
    await world().scenario.catchUp(cardiologistB.hospital);
    const asked = { pseudonym: known.pseudonym, purpose: 'TREAT' as const, department: cardiologistB.department, limit: 10 };
    const { items } = (await carry(cardiologistB.client, ListPermitted, asked, { sign: cardiologistB.sign })).result;
    expect(new Map(items.map((item) => [item.recordId, item.contributed]))).toEqual(
      new Map([
        [contributed, true],
        [recordId, undefined],
      ]),
    );
    const ticket = await known.ask(cardiologistB, { recordIds: [contributed, recordId] });
    const opened = [await known.read(cardiologistB, ticket, contributed), await known.read(cardiologistB, ticket, recordId)];
    expect(opened.map(({ authoredBy }) => authoredBy?.by)).toEqual(['patient', undefined]);
    const sources = opened.map(({ bytes, record, custodianMspId, authoredBy }) => ({
      ...{ recordId: record.recordId, version: record.version, resource: JSON.parse(Buffer.from(bytes).toString('utf8')) as Resource },
      custodian: authoredBy?.by === 'patient' ? PATIENT_SOURCE : custodianMspId,
    }));
    const points = trendsOf(patientGraphOf(sources)).flatMap((trend) => trend.points);
    expect(new Set(points.map(({ amount, custodians }) => `${amount} ${custodians.join(' ')}`))).toEqual(
      new Set([`150 ${PATIENT_SOURCE}`, `148 ${PATIENT_SOURCE}`, `131 ${known.custodian}`]),
    );
  });

  it('is attested by two: who attests it does not confirm it, and until then it authors nothing', async () => {
    const known = await PatientCase.related(world().scenario, world().staff);
    const attesting = await keeperA();
    const key = newPrivateKey();
    const identity = identifyDevice(key, home(), { model: 'ventilator' });
    await carry(attesting.client, AttestDevice, identity, { sign: attesting.sign });
    const { possession: _shown, ...said } = identity;
    expect(await refusalOf(byStaff(attesting, ConfirmDevice, said))).toBe('SECOND_PERSON_NEEDED');
    expect(await refusalOf(publish(known, laboratoryReport, await sign(known, key, laboratoryReport)))).toBe('DEVICE_PENDING');
  });
}
