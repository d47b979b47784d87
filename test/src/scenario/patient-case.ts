import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newPrivateKey, type OpenedDocument, type PrivateKey, publicKeyOf } from '@lianyi/client';
import {
  type AccessEvent,
  denyReasonCodes,
  type EventName,
  type Grantee,
  granteeSchema,
  instantOf,
  mspIdSchema,
  type OutcomeOf,
  type Output,
  type Proof,
  type Purpose,
  type Request,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { carry } from './carry';
import { newRecordId, newTicketId } from './owned-ids';
import { type Patient } from './patient';
import { type Roster } from './roster';
import { newId, repositoryRoot, type Scenario, type StaffMember } from './scenario';

/** A line that the patient's audit must hold: everything but the time and the place in it, which are the ledger's. */
export interface Truth {
  readonly pseudonym: string;
  readonly txId: string;
  readonly event: EventName;
  readonly actor: TruthActor;
  readonly decision?: 'permit' | 'deny';
  readonly purpose?: Purpose;
  readonly ticketId?: string;
  readonly recordIds?: readonly string[];
  readonly reasons?: readonly string[];
  readonly denied?: readonly { readonly recordId: string; readonly reasons: readonly string[] }[];
  readonly provisionIds?: readonly string[];
  readonly grantee?: Grantee;
  readonly receiver?: { readonly mspId: string; readonly actorTag: string; readonly department: string };
  readonly policyVersion?: number;
}
type TruthActor =
  { readonly kind: 'patient'; readonly pseudonym: string } | { readonly kind: 'staff'; readonly mspId: string; readonly actorTag: string };
type TruthDetails = Omit<Truth, 'pseudonym' | 'txId' | 'event' | 'actor'>;

/** What came of asking, and the key to which the records' keys would be sealed. */
export interface Ticket {
  readonly ticketId: string;
  readonly ephemeralKey: PrivateKey;
  readonly transactionId: string;
  readonly answer: Output<typeof transactions.RequestAccess>;
}

export interface Asking {
  readonly recordIds: readonly string[];
  readonly purpose?: Purpose;
  readonly department?: string;
  /** One of {@link newTicketId}; left out: a new one. */
  readonly ticket?: ReturnType<typeof newTicketId>;
}

type GrantRequest = Request<typeof transactions.GrantPolicy>;
export type ProvisionRequest = GrantRequest['provisions'][number];

/** Two documents shipped with the project: a Chinese laboratory report and an English imaging report. */
export const laboratoryReport = readFileSync(join(repositoryRoot, 'application', 'examples', 'laboratory-report-zh.json'));

/** Milliseconds from now as the ledger spells them. */
export function fromNow(millis: number): string {
  return instantOf(Date.now() + millis);
}

/** A permission for treatment, from a minute ago for an hour. */
export function permission(
  twist: Partial<Extract<ProvisionRequest, { effect: 'permit' }>> = {},
): ProvisionRequest & { readonly validFrom: string } {
  return {
    provisionId: newId(),
    effect: 'permit',
    purposes: ['TREAT'],
    validFrom: fromNow(-60_000),
    validUntil: fromNow(3_600_000),
    ...twist,
  };
}

export function department(mspId: string, name: string): Grantee {
  return granteeSchema.parse({ kind: 'department', mspId, name });
}

/** The ticket as an argument of {@link PatientCase.read}. */
type TicketKey = Pick<Ticket, 'ticketId' | 'ephemeralKey'>;

/**
 * One patient of hospital A, with the verbs of their story. It remembers what was committed about them, in order: the
 * audit is held against that and not against itself.
 */
export class PatientCase {
  readonly truth: Truth[] = [];

  private constructor(
    readonly scenario: Scenario,
    readonly staff: Roster,
    readonly patient: Patient,
  ) {}

  /** Nothing about them is on the ledger yet. */
  static unknown(scenario: Scenario, staff: Roster): PatientCase {
    return new PatientCase(scenario, staff, scenario.newPatient());
  }

  /** Registered, with an active relationship. */
  static async related(scenario: Scenario, staff: Roster): Promise<PatientCase> {
    const known = PatientCase.unknown(scenario, staff);
    await known.register();
    await known.propose();
    await known.accept();
    return known;
  }

  /** Related, with one published laboratory report. */
  static async withRecord(scenario: Scenario, staff: Roster): Promise<{ readonly known: PatientCase; readonly recordId: string }> {
    const known = await PatientCase.related(scenario, staff);
    return { known, recordId: await known.publish(laboratoryReport) };
  }

  /** With one record that cardiology of B may read for treatment. */
  static async granted(
    scenario: Scenario,
    staff: Roster,
    twist: Parameters<typeof permission>[0] = {},
  ): Promise<{ readonly known: PatientCase; readonly recordId: string }> {
    const made = await PatientCase.withRecord(scenario, staff);
    await made.known.grant([permission(twist)]);
    return made;
  }

  get pseudonym(): string {
    return this.patient.pseudonym;
  }

  get custodian(): string {
    return this.scenario.a.member.mspId;
  }

  /** Cardiology of hospital B, whom most grants are for. */
  get cardiology(): Grantee {
    return department(this.scenario.b.member.mspId, 'cardiology');
  }

  register(): Promise<void> {
    return this.byStaff(this.staff.registrarA, transactions.RegisterPatient, this.patient.registration, 'PatientRegistered');
  }

  propose(): Promise<void> {
    const input = { pseudonym: this.pseudonym, type: 'care' as const };
    return this.byStaff(this.staff.registrarA, transactions.ProposeRelationship, input, 'RelationshipProposed');
  }

  accept(): Promise<void> {
    return this.command(transactions.AcceptRelationship, { pseudonym: this.pseudonym, mspId: this.custodian }, 'RelationshipAccepted');
  }

  grant(provisions: readonly ProvisionRequest[], grantee = this.cardiology): Promise<void> {
    return this.command(transactions.GrantPolicy, { pseudonym: this.pseudonym, grantee, provisions: [...provisions] }, 'PolicyGranted');
  }

  revoke(previousVersion = 1, grantee = this.cardiology): Promise<void> {
    return this.command(transactions.RevokePolicy, { pseudonym: this.pseudonym, grantee, previousVersion }, 'PolicyRevoked');
  }

  /** A command of this patient, carried by A's node; the key rolls when it is committed. */
  async command<Entry extends TransactionEntry>(entry: Entry, input: NoInfer<Request<Entry>>, event: EventName): Promise<void> {
    const carried = await carry(this.scenario.client(this.scenario.a), entry, input, { sign: this.patient.sign });
    this.patient.roll();
    this.#remember(carried, event, { kind: 'patient', pseudonym: this.pseudonym }, ofPolicy(carried.result));
  }

  /** A command with a proof made elsewhere: whether it should have been refused is the test's business. */
  attempt<Entry extends TransactionEntry>(entry: Entry, input: NoInfer<Request<Entry>>, proof?: Proof): Promise<OutcomeOf<Entry>> {
    const options = proof === undefined ? { sign: this.patient.sign } : { proof };
    return carry(this.scenario.client(this.scenario.a), entry, input, options);
  }

  /** What any member may read, asked by somebody who has nothing to do with the patient. */
  async see<Entry extends TransactionEntry>(entry: Entry, input: NoInfer<Request<Entry>>): Promise<Output<Entry>> {
    const { clinicianC } = this.staff;
    await this.scenario.catchUp(clinicianC.hospital);
    return (await carry(clinicianC.client, entry, input, { sign: clinicianC.sign })).result;
  }

  /** What only the patient may read; the key stays the next one. */
  async seeOwn<Entry extends TransactionEntry>(entry: Entry, input: NoInfer<Request<Entry>>): Promise<Output<Entry>> {
    await this.scenario.catchUp(this.scenario.a);
    return (await carry(this.scenario.client(this.scenario.a), entry, input, { sign: this.patient.sign })).result;
  }

  async byStaff<Entry extends TransactionEntry>(
    who: StaffMember,
    entry: Entry,
    input: NoInfer<Request<Entry>>,
    event: EventName,
    details: TruthDetails = {},
  ): Promise<void> {
    this.#remember(await carry(who.client, entry, input, { sign: who.sign }), event, actorOf(who), details);
  }

  /** What publishes another record of theirs. */
  newRecordId(): ReturnType<typeof newRecordId> {
    return newRecordId(this.custodian, this.pseudonym);
  }

  /** Publishes at A with a copy at C. @returns the record's id */
  async publish(bytes: Uint8Array, ids = this.newRecordId()): Promise<string> {
    const { labA } = this.staff;
    const { recordId } = ids;
    const { network, c } = this.scenario;
    const document = { network, pseudonym: this.pseudonym, ...ids, bytes, replicaMspIds: [c.member.mspId] };
    const prepared = await labA.client.prepareRecord(document, labA.sign);
    const published = await labA.client.publishRecord(document, prepared, labA.sign);
    this.#remember(published, 'RecordAnchored', actorOf(labA), { recordIds: [recordId] });
    return recordId;
  }

  /** The records that somebody may ask for, for treatment; nothing is committed. */
  async list(who: StaffMember): Promise<readonly string[]> {
    await this.scenario.catchUp(who.hospital);
    const input = { pseudonym: this.pseudonym, purpose: 'TREAT' as const, department: who.department, limit: 100 };
    const { result } = await carry(who.client, transactions.ListPermitted, input, { sign: who.sign });
    return result.items.map(({ recordId }) => recordId);
  }

  /** Asks to read; denied or permitted, it is committed. */
  async ask(who: StaffMember, asking: Asking): Promise<Ticket> {
    const ephemeralKey = newPrivateKey();
    const { recordIds, purpose = 'TREAT', ticket = newTicketId(who) } = asking;
    const { ticketId } = ticket;
    const input = {
      ...{ ...ticket, pseudonym: this.pseudonym, recordIds: [...recordIds], purpose },
      ...{ department: asking.department ?? who.department, ephemeralPublicKey: publicKeyOf(ephemeralKey) },
    };
    const carried = await carry(who.client, transactions.RequestAccess, input, { sign: who.sign });
    const { result } = carried;
    const told = { ticketId: result.ticketId, recordIds, purpose, ...decisionIn(result, recordIds) };
    this.#remember(carried, result.decision === 'permit' ? 'AccessPermitted' : 'AccessDenied', actorOf(who), told);
    return { ticketId, ephemeralKey, transactionId: carried.transactionId ?? '', answer: result };
  }

  /** Opens a document under a ticket; its release is committed by A's key service. */
  async read(who: StaffMember, ticket: TicketKey, recordId: string): Promise<OpenedDocument> {
    const { ticketId, ephemeralKey } = ticket;
    const mspId = mspIdSchema.parse(who.hospital.member.mspId);
    const witness = this.scenario.witnessFor(who.hospital);
    const { pseudonym, scenario } = this;
    const request = { ticketId, ephemeralKey, recordId, pseudonym, network: scenario.network, mspId, witness };
    const opened = await who.client.readDocument(request, who.sign);
    await this.released(ticketId, recordId, opened.releaseTransactionId);
    return opened;
  }

  /** A release is remembered as A's key service commits it, even when no replica could be opened afterwards. */
  async released(ticketId: string, recordId: string, transactionId: string): Promise<void> {
    const { purpose } = await this.see(transactions.GetDecision, { ticketId });
    const service = { kind: 'staff', mspId: this.custodian, actorTag: this.staff.keyServiceTagA } as const;
    this.#remember({ transactionId }, 'KeyReleased', service, { ticketId, recordIds: [recordId], purpose });
  }

  /** The whole audit, oldest first, read in pages. */
  async audit(limit = 100): Promise<readonly AccessEvent[]> {
    const lines: AccessEvent[] = [];
    for (let after: string | undefined; ;) {
      const page = { pseudonym: this.pseudonym, limit, ...(after === undefined ? {} : { after }) };
      const { items, next } = await this.seeOwn(transactions.ListForPatient, page);
      lines.push(...items);
      if (next === undefined) return lines.reverse();
      after = next;
    }
  }

  #remember({ transactionId }: { readonly transactionId?: string }, event: EventName, actor: TruthActor, details: TruthDetails = {}): void {
    if (transactionId === undefined) throw new Error(`${event} was not committed`);
    this.truth.push({ pseudonym: this.pseudonym, txId: transactionId, event, actor, ...details });
  }
}

/** What a line says of an answer: of a permit which records it opens, and the denials beside them. */
function decisionIn(result: Ticket['answer'], asked: readonly string[]): TruthDetails {
  const { decision, denied } = result;
  if (decision === 'deny') return { decision, reasons: result.reasons, ...(denied === undefined ? {} : { denied }) };
  const { provisionIds } = result;
  if (denied === undefined) return { decision, provisionIds };
  const reasons = denyReasonCodes.filter((reason) => denied.some((each) => each.reasons.includes(reason)));
  const recordIds = asked.filter((recordId) => !denied.some((each) => each.recordId === recordId));
  return { decision, provisionIds, recordIds, reasons, denied };
}

/** What a line says besides of a command that made a policy. */
function ofPolicy(result: unknown): TruthDetails {
  const { success, data } = transactions.GrantPolicy.response.safeParse(result);
  return success ? { grantee: data.grantee, policyVersion: data.version } : {};
}

function actorOf({ hospital, actorTag }: StaffMember): TruthActor {
  return { kind: 'staff', mspId: hospital.member.mspId, actorTag };
}
