import { newPrivateKey, publicKeyOf, type RequestSigner } from '@lianyi/client';
import { type Ledger, newRequest, type Output, type Request, sha256, type TransactionEntry, transactions } from '@lianyi/domain';
import { department, laboratoryReport, PatientCase, permission, type Ticket } from '../scenario/patient-case';
import { newRecordId, newTicketId } from '../scenario/owned-ids';
import { hireRoster } from '../scenario/roster';
import { newId, refusalOf, type Scenario, type StaffMember } from '../scenario/scenario';

/** Two things that are not there, which show what noise makes of one and the same; and what is there and not to be known of. */
export const subjects = ['absent', 'absent too', 'forbidden', 'another’s'] as const;
export type Subject = (typeof subjects)[number];

/** Asks, and says what was answered without the ids of the question. */
export type AlikeAsk = () => Promise<string>;
/** One question, and about each subject what makes it ready to be asked: the clock runs for the asking alone. */
export type AlikeQuestion = { readonly what: string; readonly about: Readonly<Partial<Record<Subject, () => Promise<AlikeAsk>>>> };

/** A ticket is good for fifteen minutes, and a run on a busy machine takes longer. */
const TICKET_MILLIS = 5 * 60_000;

/** Whom and what is asked about. */
export class AlikeWorld {
  readonly #objects = new Map<Subject, string>();
  #ticket: { readonly ticket: Ticket; readonly askedAt: number } | undefined;

  private constructor(
    readonly scenario: Scenario,
    /** Of a patient who has opened one of two records to cardiology of B, and nothing to C. */
    readonly opened: { readonly known: PatientCase; readonly recordId: string; readonly hiddenId: string },
    /** Of one who has one record, which is open to the same. */
    readonly plain: { readonly known: PatientCase },
    /** Of one who has forbidden everything to cardiology of B and C. */
    readonly closed: { readonly known: PatientCase; readonly recordId: string },
    readonly officerC: StaffMember,
  ) {}

  static async of(scenario: Scenario): Promise<AlikeWorld> {
    const staff = await hireRoster(scenario);
    const officerC = await scenario.hire(scenario.c, 'privacyOfficer');
    const opened = await PatientCase.withRecord(scenario, staff);
    const hiddenId = await opened.known.publish(laboratoryReport);
    await opened.known.grant([permission({ recordIds: [opened.recordId] })]);
    const plain = await PatientCase.granted(scenario, staff);
    const closed = await PatientCase.withRecord(scenario, staff);
    const forbid = { provisionId: newId(), effect: 'deny', purposes: 'any', validFrom: permission().validFrom } as const;
    for (const { member } of [scenario.b, scenario.c]) await closed.known.grant([forbid], department(member.mspId, 'cardiology'));
    for (const hospital of scenario.hospitals) await scenario.catchUp(hospital);
    return new AlikeWorld(scenario, { ...opened, hiddenId }, plain, closed, officerC);
  }

  /** A permit of B's cardiologist for the open record. */
  async ticket(): Promise<Ticket> {
    if (this.#ticket === undefined || Date.now() - this.#ticket.askedAt > TICKET_MILLIS) {
      const { known, recordId } = this.opened;
      const ticket = await known.ask(known.staff.cardiologistB, { recordIds: [recordId] });
      this.#ticket = { ticket, askedAt: Date.now() };
      for (const hospital of this.scenario.hospitals) await this.scenario.catchUp(hospital);
    }
    return this.#ticket.ticket;
  }

  /** Records as somebody may name them under the pseudonym of the first. */
  recordOf(subject: Subject): string {
    const { pseudonym, custodian } = this.opened.known;
    if (subject === 'forbidden') return this.opened.hiddenId;
    return subject === 'another’s' ? this.closed.recordId : newRecordId(custodian, pseudonym).recordId;
  }

  pseudonymOf(subject: Subject): string {
    if (subject === 'forbidden') return this.opened.known.pseudonym;
    return subject === 'another’s' ? this.closed.known.pseudonym : sha256(newId());
  }

  /** The ciphertext of such a record. */
  async objectOf(subject: Subject): Promise<string> {
    if (subject !== 'forbidden' && subject !== 'another’s') return sha256(newId());
    const { known, recordId } = subject === 'forbidden' ? { ...this.opened, recordId: this.opened.hiddenId } : this.closed;
    const object =
      this.#objects.get(subject) ?? (await known.see(transactions.GetRecord, { pseudonym: known.pseudonym, recordId })).cipherSha256;
    this.#objects.set(subject, object);
    return object;
  }
}

/** A signed question to a peer by itself. */
async function evaluation<Entry extends TransactionEntry>(
  ledger: Ledger,
  entry: Entry,
  input: Request<Entry>,
  { sign, told }: { readonly sign: RequestSigner; readonly told: (answer: Output<Entry>) => string },
): Promise<AlikeAsk> {
  const request = newRequest(entry, input);
  const signed = { ...request, proof: await sign(entry, request.input) };
  return async () => told(await ledger.evaluate(signed));
}

export function aboutEach(of: (subject: Subject) => Promise<AlikeAsk>, which: readonly Subject[] = subjects): AlikeQuestion['about'] {
  return Object.fromEntries(which.map((subject) => [subject, () => of(subject)]));
}

/** What is asked of C's peer by staff of C, who have nothing to do with any of the patients. */
async function questionsToLedger(world: AlikeWorld): Promise<readonly AlikeQuestion[]> {
  const { scenario, opened, officerC } = world;
  const ledger = await scenario.ledger(scenario.c);
  const { clinicianC: who } = opened.known.staff;
  const { sign, department: of, actorTag } = who;
  const own = { purpose: 'TREAT', department: of } as const;
  const request = (pseudonym: string, recordId: string): Promise<AlikeAsk> =>
    evaluation(
      ledger,
      transactions.RequestAccess,
      { ...newTicketId(who), ...own, pseudonym, recordIds: [recordId], ephemeralPublicKey: publicKeyOf(newPrivateKey()) },
      { sign, told: ({ decision, reasons }) => `${decision} ${reasons.join(' ')}` },
    );
  const asker = { mspId: scenario.c.member.mspId, actorTag, department: of };
  const explain = (pseudonym: string): Promise<AlikeAsk> =>
    evaluation(
      ledger,
      transactions.ExplainAccess,
      { pseudonym, question: { recordId: opened.hiddenId, purpose: 'TREAT', asker } },
      { sign: officerC.sign, told: ({ outcome }) => outcome },
    ).then((ask) => () => refusalOf(ask()));
  const get = (recordId: string): Promise<AlikeAsk> =>
    evaluation(ledger, transactions.GetRecord, { pseudonym: opened.known.pseudonym, recordId }, { sign, told: () => 'told' }).then(
      (ask) => () => refusalOf(ask()),
    );
  return [
    { what: 'RequestAccess, of a record', about: aboutEach((subject) => request(opened.known.pseudonym, world.recordOf(subject))) },
    {
      what: 'RequestAccess, of a pseudonym',
      about: aboutEach((subject) => request(world.pseudonymOf(subject), world.recordOf('forbidden'))),
    },
    { what: 'ListPermitted, of a pseudonym', about: aboutEach((subject) => listing(ledger, who, world.pseudonymOf(subject))) },
    { what: 'ExplainAccess, of a pseudonym', about: aboutEach((subject) => explain(world.pseudonymOf(subject))) },
    // whatever is there any member may read
    { what: 'GetRecord', about: aboutEach((subject) => get(world.recordOf(subject)), ['absent', 'absent too', 'another’s']) },
  ];
}

function listing(ledger: Ledger, who: StaffMember, pseudonym: string): Promise<AlikeAsk> {
  const asked = { pseudonym, purpose: 'TREAT', department: who.department, limit: 10 } as const;
  return evaluation(ledger, transactions.ListPermitted, asked, {
    sign: who.sign,
    told: ({ items, next }) => `${items.length}${next === undefined ? '' : ' and more'}`,
  });
}

/** What B's cardiologist, who may read one record, learns of the one beside it by the list. */
async function questionBeside({ scenario, opened, plain }: AlikeWorld): Promise<AlikeQuestion> {
  const ledger = await scenario.ledger(scenario.b);
  const list = (known: PatientCase) => () => listing(ledger, known.staff.cardiologistB, known.pseudonym);
  const [without, beside] = [list(plain.known), list(opened.known)];
  return { what: 'ListPermitted, of one beside another', about: { absent: without, 'absent too': without, forbidden: beside } };
}

/** What B's node asks of A's under a ticket for another record. */
function questionsToNode(world: AlikeWorld): readonly AlikeQuestion[] {
  const { scenario, opened } = world;
  const { a, b } = scenario;
  const release = async (recordId: string): Promise<AlikeAsk> => {
    const { ticketId } = await world.ticket();
    const body = JSON.stringify({ ticketId, recordId });
    return () => scenario.askMemberAtOnce(b, a, { method: 'POST', path: '/v1/keys:release', body });
  };
  const object = async (cipherSha256: string): Promise<AlikeAsk> => {
    const { ticketId } = await world.ticket();
    const headers = { 'lianyi-ticket': ticketId };
    return () => scenario.askMemberAtOnce(b, a, { method: 'GET', path: `/v1/objects/${cipherSha256}`, headers });
  };
  const read = async (recordId: string): Promise<AlikeAsk> => {
    const { known } = opened;
    const ticket = await world.ticket();
    return () => refusalOf(known.read(known.staff.cardiologistB, ticket, recordId));
  };
  return [
    { what: 'a key, of the member API', about: aboutEach((subject) => release(world.recordOf(subject))) },
    { what: 'an object, of the member API', about: aboutEach(async (subject) => object(await world.objectOf(subject))) },
    { what: 'a document, of the own node', about: aboutEach((subject) => read(world.recordOf(subject))) },
  ];
}

export async function alikeQuestions(scenario: Scenario): Promise<readonly AlikeQuestion[]> {
  const world = await AlikeWorld.of(scenario);
  return [...(await questionsToLedger(world)), await questionBeside(world), ...questionsToNode(world)];
}
