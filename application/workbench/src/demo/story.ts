import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { confidentialities } from '@lianyi/domain';
import { Acts, type AccessAnswer, type Opened } from '../acts';
import { type HospitalConsortium } from '../consortium';
import { flags, type Hospital } from '../hospital';
import { addPatient, addStaff } from '../people';
import { ReplicaFile } from '../replica-files';
import { auditText } from './audit-text';
import { type LeftBehind } from './go-on';
import { details } from './details';
import { drawPatient } from './drawn-patient';
import { insist } from './insist';
import { loseAndRecover } from './lost-wallet';
import { showCard } from './shown-card';
import { Publication } from './publication';
import { type Report, type StepResult } from './report';
import { type DocumentFolder, isOrdinary, needsText, type StoredDocument } from './story-documents';
import { chapters, titles } from './titles';

/** As many records as one request for access may name. */
const RECORDS_PER_REQUEST = 16;
const PATIENT = 'patient';

function groupsOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_none, index) => items.slice(index * size, (index + 1) * size));
}

/** One patient's story, told by what really happens; every refusal in it is expected, and its absence breaks the story. */
export class Story {
  readonly #acts: Acts;
  #pseudonym = '';
  #cardiologistTag = '';
  #documents: readonly StoredDocument[] = [];
  readonly #told: string[] = [];

  constructor(
    private readonly consortium: HospitalConsortium,
    private readonly hospitals: readonly [a: Hospital, b: Hospital, c: Hospital],
    private readonly report: Report,
  ) {
    this.#acts = new Acts(consortium.commands);
  }

  async tell(documentFiles: DocumentFolder): Promise<LeftBehind> {
    await this.#registerStaff();
    await this.#registerPatient();
    await this.#publish(documentFiles);
    const ticket = await this.#askAndRead();
    await this.#attack(ticket);
    await this.#revoke(ticket);
    await this.#lookBack();
    return { pseudonym: this.#pseudonym, grantee: this.#grantee, recordId: this.#firstDocument.recordId };
  }

  get #firstDocument(): StoredDocument {
    const [document] = this.#documents;
    insist(document !== undefined, 'there was no document');
    return document;
  }

  get #grantee(): string {
    return `department:${this.hospitals[1].member.mspId}:cardiology`;
  }

  /** The story's own record of what was committed about the patient, to hold the patient's audit against. */
  #remember(result: StepResult): StepResult {
    if (result.transactionId !== undefined) this.#told.push(result.transactionId);
    return result;
  }

  async #registerStaff(): Promise<void> {
    const [a, b] = this.hospitals;
    await this.report.step(titles.staff, async () => {
      const { context } = this.consortium;
      await addStaff(context, b, b.administrator, { profile: 'hr-b', roles: 'hrAdmin' });
      await addStaff(context, a, a.administrator, { profile: 'registrar-a', roles: 'registrar' });
      await addStaff(context, a, a.administrator, { profile: 'lab-a', roles: 'lab' });
      const cardiologist = { profile: 'cardiologist-b', roles: 'clinician', department: 'cardiology' };
      const added = await addStaff(context, b, 'hr-b', { ...cardiologist, confirmedBy: b.administrator });
      this.#cardiologistTag = added.actorTag;
      await addStaff(context, b, b.administrator, { profile: 'nurse-b', roles: 'nurse', department: 'neurology' });
      return { outcome: 'done', detail: details.staff('registrar-a, lab-a, hr-b, nurse-b', 'cardiologist-b') };
    });
  }

  async #registerPatient(): Promise<void> {
    const { report } = this;
    const acts = this.#acts;
    const [a] = this.hospitals;
    report.chapter(chapters.patient);
    let registration = { nonce: '', 'next-key-hash': '' };
    await report.step(titles.wallet, async () => {
      const made = await addPatient(this.consortium.context, a, PATIENT);
      this.#pseudonym = made.pseudonym;
      registration = { nonce: made.nonce, 'next-key-hash': made.nextKeyHash };
      return { outcome: 'done', detail: made.pseudonym };
    });
    const pseudonym = this.#pseudonym;
    const committed = async (run: ReturnType<Acts['act']>): Promise<StepResult> => this.#remember({ outcome: 'done', ...(await run) });
    await report.step(titles.register, () =>
      committed(acts.act('registrar-a', 'patient', 'register', ...flags({ pseudonym, ...registration }))),
    );
    let cardId = '';
    await report.step(titles.card, async () => {
      const issued = await acts.issueCard('registrar-a', pseudonym);
      cardId = issued.cardId;
      return this.#remember({ outcome: 'done', ...issued });
    });
    await report.step(titles.activate, () => committed(acts.act(PATIENT, 'card', 'activate', cardId)));
    await report.step(titles.recognise, async () => {
      const at = { desk: 'cardiologist-b', hospital: this.hospitals[1].member.mspId };
      const { issuerMspId, ...where } = await showCard(this.consortium, { profile: PATIENT, cardId, ...at });
      return this.#remember({ outcome: 'done', detail: details.card(cardId, issuerMspId), ...where });
    });
    await report.step(titles.propose, () => committed(acts.act('registrar-a', 'relationship', 'propose', ...flags({ pseudonym }))));
    await report.step(titles.accept, () => committed(acts.act(PATIENT, 'relationship', 'accept')));
    await report.step(titles.recover, async () => {
      await loseAndRecover(this.consortium, { profile: PATIENT, pseudonym, through: 'cardiologist-b' });
      return { outcome: 'done', detail: pseudonym };
    });
  }

  async #publish(folder: DocumentFolder): Promise<void> {
    this.report.chapter(chapters.records);
    const publication = new Publication(this.#acts, this.hospitals, this.#pseudonym, this.report);
    const { documents, told } = await publication.of(folder);
    this.#told.push(...told);
    this.#documents = documents;
  }

  async #askAndRead(): Promise<AccessAnswer> {
    const { report } = this;
    const acts = this.#acts;
    report.chapter(chapters.access);
    await report.step(titles.askUnknown, async () =>
      this.#expectDenial(await this.#ask(this.#documents.slice(0, RECORDS_PER_REQUEST)), 'NO_CONSENT'),
    );
    await report.step(titles.grant, async () => {
      const { version, ...where } = await acts.grant(PATIENT, this.#grantee, { purposes: 'TREAT', until: '+30d' });
      return this.#remember({ outcome: 'done', detail: details.version(this.#grantee, version), ...where });
    });
    let last: AccessAnswer | undefined;
    for (const group of groupsOf(this.#documents.filter(isOrdinary), RECORDS_PER_REQUEST)) last = await this.#askAndReadGroup(group);
    last = (await this.#askForRestricted()) ?? last;
    insist(last !== undefined, 'there was no document');
    await report.step(titles.picture, () => drawPatient(this.consortium, this.#pseudonym, this.#documents.length, this.#told));
    return last;
  }

  get #restricted(): readonly StoredDocument[] {
    return this.#documents.filter((document) => !isOrdinary(document));
  }

  get #cardiologist(): string {
    return `person:${this.hospitals[1].member.mspId}:${this.#cardiologistTag}`;
  }

  /** What the consent to the department does not reach, each by name; then the patient lets this one doctor read it, in words. */
  async #askForRestricted(): Promise<AccessAnswer | undefined> {
    const restricted = this.#restricted;
    for (const document of restricted) {
      await this.report.step(titles.restricted, async () => {
        const [name, needs] = [basename(document.file), needsText(document.needs)];
        const decided = await this.#ask([document]);
        const denial = this.#expectDenial(
          decided,
          document.needs.confidentiality !== undefined ? 'LABEL_NOT_COVERED' : 'LEVEL_NEEDS_APPROVAL',
        );
        return { ...denial, detail: details.needs(decided.reasons.join(', '), name, needs) };
      });
    }
    let last: AccessAnswer | undefined;
    if (restricted.length === 0) return last;
    await this.report.step(titles.grantNamed, async () => {
      const named = { labels: confidentialities.join(','), 'max-level': '5', purposes: 'TREAT', until: '+30d' };
      const { version, ...where } = await this.#acts.grant(PATIENT, this.#cardiologist, named);
      return this.#remember({ outcome: 'done', detail: details.version(this.#cardiologist, version), ...where });
    });
    for (const group of groupsOf(restricted, RECORDS_PER_REQUEST)) last = await this.#askAndReadGroup(group);
    return last;
  }

  async #askAndReadGroup(group: readonly StoredDocument[]): Promise<AccessAnswer> {
    let ticket: AccessAnswer | undefined;
    await this.report.step(titles.askAgain, async () => {
      const decided = await this.#ask(group);
      ticket = decided;
      insist(decided.decision === 'permit', `denied: ${decided.reasons.join(', ')}`);
      const { transactionId, blockNumber } = decided;
      return this.#remember({
        outcome: 'permitted',
        detail: details.ticket(decided),
        transactionId,
        blockNumber,
      });
    });
    insist(ticket !== undefined, 'no ticket');
    const { ticketId } = ticket;
    for (const document of group) await this.report.step(titles.read, () => this.#readFromReplica(ticketId, document));
    return ticket;
  }

  /** A's copy is lost first, so that the replica has to serve. */
  async #readFromReplica(ticketId: string, document: StoredDocument): Promise<StepResult> {
    const [a, , c] = this.hospitals;
    const restore = ReplicaFile.find(this.consortium.data, a.member.mspId, document.cipherSha256).lose();
    try {
      const opened = await this.#open(ticketId, document);
      insist(opened.source.mspId === c.member.mspId, `the ciphertext came from ${opened.source.mspId}`);
      insist(readFileSync(opened.file).equals(readFileSync(document.file)), 'the bytes differ from the original');
      const released = opened.releaseTransactionId;
      if (released !== undefined) this.#told.push(released);
      const detail = details.opened(opened.sizeBytes, opened.source.mspId);
      return { outcome: 'done', detail, ...(released === undefined ? {} : { transactionId: released }) };
    } finally {
      restore();
    }
  }

  #open(ticketId: string, document: StoredDocument): Promise<Opened> {
    const file = this.consortium.data.file(`opened-${document.recordId}.json`);
    // what must fail later is tried with the same ticket
    return this.#acts.read('cardiologist-b', ticketId, document.recordId, file, '--keep-key');
  }

  async #attack(ticket: AccessAnswer): Promise<void> {
    const { report } = this;
    const acts = this.#acts;
    const pseudonym = this.#pseudonym;
    const recordIds = this.#documents.slice(0, RECORDS_PER_REQUEST).map((document) => document.recordId);
    report.chapter(chapters.attacks);
    await report.step(titles.nurse, async () =>
      this.#expectDenial(await acts.request('nurse-b', { pseudonym, recordIds, purpose: 'TREAT' }), 'NO_CONSENT'),
    );
    await report.step(titles.purpose, async () =>
      this.#expectDenial(await acts.request('cardiologist-b', { pseudonym, recordIds, purpose: 'HRESCH' }), 'ROLE_MAY_NOT_CLAIM_PURPOSE'),
    );
    await report.step(titles.tamper, () => this.#readTampered(ticket));
  }

  async #readTampered(ticket: AccessAnswer): Promise<StepResult> {
    const [a, , c] = this.hospitals;
    const document = this.#documents.at(-1);
    insist(document !== undefined, 'there was no document');
    const { data } = this.consortium;
    const restoreA = ReplicaFile.find(data, a.member.mspId, document.cipherSha256).lose();
    const restoreC = ReplicaFile.find(data, c.member.mspId, document.cipherSha256).tamper();
    try {
      const file = data.file(`tampered-${document.recordId}.json`);
      const code = await this.#acts.attempt(
        'cardiologist-b',
        'access',
        'read',
        ticket.ticketId,
        '--record',
        document.recordId,
        '--out',
        file,
      );
      insist(code === 'HASH_MISMATCH', `refused with ${code}`);
      return { outcome: 'detected', detail: code };
    } finally {
      restoreA();
      restoreC();
    }
  }

  async #revoke(ticket: AccessAnswer): Promise<void> {
    const { report } = this;
    const acts = this.#acts;
    report.chapter(chapters.revocation);
    await report.step(titles.revoke, async () => this.#remember({ outcome: 'done', ...(await acts.revoke(PATIENT, this.#grantee, 1)) }));
    if (this.#restricted.length > 0) {
      await report.step(titles.revoke, async () =>
        this.#remember({ outcome: 'done', ...(await acts.revoke(PATIENT, this.#cardiologist, 1)) }),
      );
    }
    await report.step(titles.oldTicket, async () => {
      const document = this.#documents.at(-1);
      insist(document !== undefined, 'there was no document');
      const file = this.consortium.data.file(`late-${document.recordId}.json`);
      const code = await this.#attemptToOpen(ticket, document, file);
      insist(code === 'TICKET_CLOSED', `refused with ${code}`);
      return { outcome: 'refused', detail: code };
    });
    await report.step(titles.askLast, async () =>
      this.#expectDenial(await this.#ask(this.#documents.slice(0, RECORDS_PER_REQUEST)), 'POLICY_REVOKED'),
    );
  }

  async #lookBack(): Promise<void> {
    const { report } = this;
    report.chapter(chapters.lookBack);
    await report.step(titles.audit, async () => {
      const lines = await this.#acts.audit(PATIENT);
      for (const line of [...lines].reverse()) report.line(auditText(line));
      const listed = new Set(lines.map((line) => line.txId));
      const missing = this.#told.filter((transactionId) => !listed.has(transactionId)).length;
      insist(missing === 0, `${missing} transactions of the story are missing from the audit`);
      return { outcome: 'done', detail: details.audit(lines.length, this.#told.length) };
    });
    await report.step(titles.chain, async () => {
      const tips = await Promise.all(
        this.hospitals.map((hospital) => this.#acts.verifyChain(hospital.administrator, hospital.member.mspId)),
      );
      const [first, ...others] = tips;
      insist(first !== undefined && others.every((tip) => tip.tipHash === first.tipHash), 'the peers’ chains differ');
      return { outcome: 'done', detail: details.chain(first) };
    });
  }

  #attemptToOpen(ticket: AccessAnswer, document: StoredDocument, file: string): Promise<string> {
    const wanted = flags({ record: document.recordId, out: file });
    return this.#acts.attempt('cardiologist-b', 'access', 'read', ...wanted, '--', ticket.ticketId);
  }

  #ask(documents: readonly StoredDocument[]): Promise<AccessAnswer> {
    const recordIds = documents.map((document) => document.recordId);
    return this.#acts.request('cardiologist-b', { pseudonym: this.#pseudonym, recordIds, purpose: 'TREAT' });
  }

  #expectDenial(decided: AccessAnswer, reason: string): StepResult {
    insist(decided.decision === 'deny', 'it was permitted');
    insist(decided.reasons.includes(reason), `denied for ${decided.reasons.join(', ')}`);
    const { transactionId, blockNumber } = decided;
    return this.#remember({ outcome: 'denied', detail: decided.reasons.join(', '), transactionId, blockNumber });
  }
}
