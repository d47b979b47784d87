import { type RelationshipType, transactions } from '@lianyi/domain';
import { carry } from '../carry';
import { laboratoryReport, PatientCase, permission } from '../patient-case';
import { refusalOf } from '../scenario';
import { type GetWorld } from './world';

const { AcceptRelationship, GetRelationship, ProposeRelationship } = transactions;

/** Feature 13: what follows from the kind of a relationship. */
export function relationshipKindCases(world: GetWorld): void {
  const proposed = async (type: RelationshipType): Promise<PatientCase> => {
    const known = PatientCase.unknown(world().scenario, world().staff);
    await known.register();
    const input = { pseudonym: known.pseudonym, type };
    await known.byStaff(world().staff.registrarA, ProposeRelationship, input, 'RelationshipProposed');
    return known;
  };
  const key = (known: PatientCase) => ({ pseudonym: known.pseudonym, mspId: known.custodian });

  it('of another kind than care is accepted by its name only', async () => {
    const known = await proposed('laboratory');
    expect(await refusalOf(known.attempt(AcceptRelationship, key(known)))).toBe('RELATIONSHIP_TYPE_DIFFERS');
    expect(await refusalOf(known.attempt(AcceptRelationship, { ...key(known), type: 'device' }))).toBe('RELATIONSHIP_TYPE_DIFFERS');
    expect((await known.see(GetRelationship, key(known))).state).toBe('proposed');
    await known.command(AcceptRelationship, { ...key(known), type: 'laboratory' }, 'RelationshipAccepted');
    expect(await known.see(GetRelationship, key(known))).toMatchObject({ type: 'laboratory', state: 'active' });
  });

  it('with a laboratory shows its own clinicians nothing that the patient has not granted', async () => {
    const known = await proposed('laboratory');
    await known.command(AcceptRelationship, { ...key(known), type: 'laboratory' }, 'RelationshipAccepted');
    const recordId = await known.publish(laboratoryReport);
    const { clinicianA, cardiologistB } = world().staff;
    expect((await known.ask(clinicianA, { recordIds: [recordId] })).answer).toMatchObject({ reasons: ['NO_CONSENT'] });
    await known.grant([permission()]);
    const ticket = await known.ask(cardiologistB, { recordIds: [recordId] });
    expect(Buffer.from((await known.read(cardiologistB, ticket, recordId)).bytes)).toEqual(laboratoryReport);
  });

  it('with a device lets nothing be published but observations', async () => {
    const known = await proposed('device');
    await known.command(AcceptRelationship, { ...key(known), type: 'device' }, 'RelationshipAccepted');
    expect(await refusalOf(known.publish(laboratoryReport))).toBe('CLASS_NOT_OF_RELATIONSHIP');
  });

  it('is proposed by whose matter it is, and by nobody else', async () => {
    const known = PatientCase.unknown(world().scenario, world().staff);
    await known.register();
    const { registrarA } = world().staff;
    const insuring = { pseudonym: known.pseudonym, type: 'insurer' as const };
    expect(await refusalOf(carry(registrarA.client, ProposeRelationship, insuring, { sign: registrarA.sign }))).toBe(
      'RELATIONSHIP_NOT_PROPOSABLE',
    );
  });
}
