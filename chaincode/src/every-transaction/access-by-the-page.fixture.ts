import { type Granting, type RecordState, type Tie } from './access-worlds.fixture';

/*
 * docs/access-decisions.md once more, read out for the worlds of the matrix and for nothing else; none of it is taken from the rules that decide.
 */

export type World = { readonly tie: Tie | undefined; readonly granting: Granting };
export type AskingRole = { readonly role: string; readonly isCustodians: boolean };

/** Who may call at all; `patient` is the patient. */
const callers: Readonly<Record<string, string>> = {
  RequestAccess: 'clinician nurse pharmacist lab researcher regulator',
  BreakGlass: 'clinician',
  OpenOwnRecords: 'patient',
  CloseTicket: 'clinician nurse pharmacist lab researcher regulator patient',
};
export const mayAsk = (transaction: string, who: string): boolean => (callers[transaction] ?? '').split(' ').includes(who);

/** What a role may claim. */
const claims: Readonly<Record<string, string>> = {
  clinician: 'TREAT ETREAT PATRQT',
  nurse: 'TREAT',
  pharmacist: 'TREAT',
  lab: 'TREAT',
  recordAdmin: 'HOPERAT HPAYMT',
  privacyOfficer: 'HOPERAT PATRQT',
  researcher: 'HRESCH',
  regulator: 'PUBHLTH',
};
/** The first of them, by which the role asks here; a role that may claim none asks for treatment. */
export const purposeOf = (role: string): string => claims[role]?.split(' ')[0] ?? 'TREAT';

/** What a kind of tie serves; the others serve everything. */
const serves: Readonly<Partial<Record<Tie['type'], string>>> = {
  insurer: 'HPAYMT HOPERAT PATRQT',
  caregiver: 'TREAT ETREAT PATRQT',
  device: 'TREAT ETREAT HRESCH PATRQT',
};

const isGone = (record: RecordState): boolean => record === 'retracted' || record === 'retired pointer';
const isSuspendedByPatient = (tie: Tie): boolean => tie.suspendedBy === 'patient' || tie.suspendedBy === 'both';

/** Denials, in the order in which reasons are told. */
function denialsOf(purpose: string, { tie, granting }: World, record: RecordState): string[] {
  const isOpen = tie !== undefined && tie.state !== 'proposed' && tie.state !== 'rejected' && !isSuspendedByPatient(tie);
  const isServed = tie === undefined || (serves[tie.type] ?? purpose).split(' ').includes(purpose);
  return [
    ...(granting === 'prohibition' ? ['DENIED_BY_PROVISION'] : []),
    ...(isOpen && !isServed ? ['PURPOSE_NOT_ALLOWED'] : []),
    ...(isOpen ? [] : ['RELATIONSHIP_NOT_ACTIVE']),
    ...(isGone(record) ? ['RECORD_RETRACTED'] : []),
  ];
}

/** What is decided of a request, and so of a what-if. Everybody asks by the purpose of their role, and the record is an ordinary one. */
export function decidedByPage({ role, isCustodians }: AskingRole, world: World, record: RecordState): string {
  const { tie, granting } = world;
  const purpose = purposeOf(role);
  if (claims[role] === undefined) return 'deny ROLE_MAY_NOT_CLAIM_PURPOSE';
  const readsByDefault = isCustodians && role === 'clinician' && (tie?.type === 'care' || tie?.type === 'device');
  const isAddressed = granting !== 'nothing' || readsByDefault;
  if (record === 'absent' || !isAddressed) return 'deny NO_CONSENT';
  const denials = denialsOf(purpose, world, record);
  if (denials.length > 0) return `deny ${denials.join(' ')}`;
  const isByDefault = readsByDefault && tie.state === 'active';
  if (isByDefault || granting === 'permission') return `permit${isByDefault ? ' default' : ''}${granting === 'permission' ? ' yes' : ''}`;
  const lacks = [
    ...(granting === 'expired' ? ['EXPIRED'] : []),
    ...(readsByDefault ? ['RELATIONSHIP_NOT_ACTIVE'] : []),
    ...(granting === 'revoked' ? ['POLICY_REVOKED'] : []),
  ];
  return `deny ${lacks.join(' ')}`;
}

/** What is decided where the glass is broken for all of a record; no grant is needed, and a prohibition of any purpose holds. */
export function decidedInEmergency(world: World, record: RecordState): string {
  if (record === 'absent') return 'deny NO_CONSENT';
  const denials = denialsOf('ETREAT', world, record);
  return denials.length > 0 ? `deny ${denials.join(' ')}` : 'permit emergency';
}

/** What a patient is answered of a record of their own, whatever the world is (ADR 0055): what is retracted is marked, and of a retired pointer nothing is kept. */
export function decidedOfOwn(record: RecordState): string {
  if (record === 'absent') return 'deny RECORD_NOT_OWN';
  if (record === 'retired pointer') return 'deny RECORD_RETRACTED';
  return record === 'retracted' ? 'permit own (retracted)' : 'permit own';
}

/** Closing is for who asked, here the other hospital's clinician, and for the patient; nothing was permitted of what is not there. */
export function closedByPage(who: 'patient' | AskingRole, record: RecordState): string {
  const isParty = who === 'patient' || (who.role === 'clinician' && !who.isCustodians);
  if (!isParty) return 'NOT_PERMITTED';
  return record === 'absent' ? 'ILLEGAL_STATE' : 'closed';
}
