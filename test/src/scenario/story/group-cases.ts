import { weeklyDuty } from '@lianyi/client/duty';
import {
  type Grantee,
  granteeSchema,
  groupSchema,
  instantOf,
  mspIdSchema,
  type Request,
  transactions,
  type WeeklyDuty,
} from '@lianyi/domain';
import { carry } from '../carry';
import { laboratoryReport, PatientCase, permission } from '../patient-case';
import { newId, refusalOf, type StaffMember } from '../scenario';
import { type GetWorld } from './world';

const { ConfirmMembership, FoundGroup, GetRelationship, JoinGroup, LeaveGroup } = transactions;
type Membership = Request<typeof JoinGroup>;

const HOUR_MS = 3_600_000;

/** A weekly duty of Shanghai that begins so many hours from now and lasts three. */
function turnIn(hours: number): WeeklyDuty {
  const clock = (millis: number): string => new Date(millis + 8 * HOUR_MS).toISOString().slice(11, 16);
  const begins = Date.now() + hours * HOUR_MS;
  const turns = [{ days: [1, 2, 3, 4, 5, 6, 7], from: clock(begins), until: clock(begins + 3 * HOUR_MS) }];
  const until = instantOf(Date.UTC(new Date().getUTCFullYear() + 2, 0));
  return weeklyDuty({ zone: 'Asia/Shanghai', until, turns }, instantOf(Date.now()));
}

/** Features 16 and 53: a group is permitted through whoever of it is on duty, and forbidden through all of it. */
export function groupCases(world: GetWorld): void {
  const hired = new Map<string, Promise<StaffMember>>();
  const hr = (name: 'one' | 'other', hospital = world().scenario.b): Promise<StaffMember> => {
    const key = `${name} ${hospital.member.mspId}`;
    const found = hired.get(key) ?? world().scenario.hire(hospital, 'hrAdmin');
    hired.set(key, found);
    return found;
  };
  const say = async (who: StaffMember, entry: typeof JoinGroup | typeof ConfirmMembership, input: Membership): Promise<void> => {
    await carry<typeof JoinGroup | typeof ConfirmMembership>(who.client, entry, input, { sign: who.sign });
    await Promise.all([world().scenario.a, world().scenario.b].map((hospital) => world().scenario.catchUp(hospital)));
  };

  /** A group of a hospital. */
  const founded = async (hospital = world().scenario.b): Promise<Grantee> => {
    const one = await hr('one', hospital);
    const group = newId();
    await carry(one.client, FoundGroup, { group, kind: 'on-call' }, { sign: one.sign });
    return granteeSchema.parse({ kind: 'group', mspId: hospital.member.mspId, name: group });
  };
  /** One says it, another confirms it. */
  const join = async (member: StaffMember, { name }: Grantee, duty?: WeeklyDuty): Promise<void> => {
    const input = { actorTag: member.actorTag, group: name, ...(duty === undefined ? {} : { duty }) };
    await say(await hr('one', member.hospital), JoinGroup, input);
    await say(await hr('other', member.hospital), ConfirmMembership, input);
  };

  it('opens what is granted to it to a member on duty, no longer than the turn, and to nobody off duty', async () => {
    const { known, recordId } = await PatientCase.withRecord(world().scenario, world().staff);
    const { cardiologistB, neurologistB, colleagueB } = world().staff;
    const night = await founded();
    await join(cardiologistB, night, turnIn(-1));
    await join(neurologistB, night, turnIn(5));
    await known.grant([permission({ validUntil: instantOf(Date.now() + 30 * 24 * HOUR_MS) })], night);

    expect(await known.list(cardiologistB)).toEqual([recordId]);
    for (const offDuty of [neurologistB, colleagueB]) expect(await known.list(offDuty)).toEqual([]);
    const ticket = await known.ask(cardiologistB, { recordIds: [recordId] });
    expect(ticket.answer.decision).toBe('permit');
    expect(Buffer.from((await known.read(cardiologistB, ticket, recordId)).bytes)).toEqual(laboratoryReport);
    expect((await known.ask(neurologistB, { recordIds: [recordId] })).answer).toMatchObject({ reasons: ['GROUP_OFF_DUTY'] });
    expect((await known.ask(colleagueB, { recordIds: [recordId] })).answer).toMatchObject({ reasons: ['NO_CONSENT'] });

    const one = await hr('one');
    const again = await known.ask(cardiologistB, { recordIds: [recordId] });
    await carry(one.client, LeaveGroup, { actorTag: cardiologistB.actorTag, group: night.name }, { sign: one.sign });
    await Promise.all([world().scenario.a, world().scenario.b].map((hospital) => world().scenario.catchUp(hospital)));
    expect(await refusalOf(known.read(cardiologistB, again, recordId))).toBe('TICKET_CLOSED');
    expect((await known.ask(cardiologistB, { recordIds: [recordId] })).answer).toMatchObject({ reasons: ['NO_CONSENT'] });
  });

  it('is forbidden through every member, on duty, off duty, and who has left', async () => {
    const { known, recordId } = await PatientCase.granted(world().scenario, world().staff);
    const { cardiologistB, colleagueB } = world().staff;
    const board = await founded();
    await join(colleagueB, board, turnIn(5));
    await known.grant([{ provisionId: newId(), effect: 'deny', purposes: 'any', validFrom: instantOf(Date.now() - 60_000) }], board);
    const denied = { decision: 'deny', reasons: ['DENIED_BY_PROVISION'] };
    expect((await known.ask(colleagueB, { recordIds: [recordId] })).answer).toMatchObject(denied);
    const one = await hr('one');
    await carry(one.client, LeaveGroup, { actorTag: colleagueB.actorTag, group: board.name }, { sign: one.sign });
    await world().scenario.catchUp(world().scenario.b);
    expect((await known.ask(colleagueB, { recordIds: [recordId] })).answer).toMatchObject(denied);
    expect((await known.ask(cardiologistB, { recordIds: [recordId] })).answer.decision).toBe('permit');
  });

  it('has members by the word of two, and opens to nobody by the word of one', async () => {
    const { known, recordId } = await PatientCase.withRecord(world().scenario, world().staff);
    const { nurseB, neurologistB } = world().staff;
    const team = await founded();
    await known.grant([permission()], team);
    const input = { actorTag: neurologistB.actorTag, group: team.name, duty: turnIn(-1) };
    await say(await hr('one'), JoinGroup, input);
    expect((await known.ask(neurologistB, { recordIds: [recordId] })).answer).toMatchObject({ reasons: ['NO_CONSENT'] });
    expect(await refusalOf(say(await hr('one'), ConfirmMembership, input))).toBe('SECOND_PERSON_NEEDED');
    const { duty: _duty, ...always } = input;
    expect(await refusalOf(say(await hr('other'), ConfirmMembership, always))).toBe('MEMBERSHIP_DIFFERS');
    expect(await refusalOf(say(nurseB, JoinGroup, input))).toBe('NOT_PERMITTED');
    await say(await hr('other'), ConfirmMembership, input);
    expect((await known.ask(neurologistB, { recordIds: [recordId] })).answer.decision).toBe('permit');
  });

  it('as the party of a relationship reads by default while on duty, and the rest of the hospital does not', async () => {
    const known = PatientCase.unknown(world().scenario, world().staff);
    await known.register();
    const { a } = world().scenario;
    const { registrarA, clinicianA } = world().staff;
    const { pseudonym } = known;
    const team = await founded(a);
    const group = groupSchema.parse(team.name);
    const proposal = { pseudonym, type: 'care' as const, group };
    await known.byStaff(registrarA, transactions.ProposeRelationship, proposal, 'RelationshipProposed');
    const ends = { pseudonym, mspId: mspIdSchema.parse(known.custodian) };
    expect(await refusalOf(known.attempt(transactions.AcceptRelationship, ends))).toBe('RELATIONSHIP_GROUP_DIFFERS');
    await known.command(transactions.AcceptRelationship, { ...ends, group }, 'RelationshipAccepted');
    expect(await known.see(GetRelationship, ends)).toMatchObject({ state: 'active', group });

    const recordId = await known.publish(laboratoryReport);
    const member = await world().scenario.hire(a, 'clinician', 'internal');
    await join(member, team, turnIn(-1));
    expect((await known.ask(clinicianA, { recordIds: [recordId] })).answer).toMatchObject({ reasons: ['NO_CONSENT'] });
    const ticket = await known.ask(member, { recordIds: [recordId] });
    expect(ticket.answer).toMatchObject({ decision: 'permit', provisionIds: ['default'] });
    expect(Buffer.from((await known.read(member, ticket, recordId)).bytes)).toEqual(laboratoryReport);
    await join(member, team, turnIn(5));
    expect((await known.ask(member, { recordIds: [recordId] })).answer).toMatchObject({ reasons: ['GROUP_OFF_DUTY'] });
  });
}
