import { setTimeout } from 'node:timers/promises';
import { codeOfFailure, LedgerFailure, transactions } from '@lianyi/domain';
import { permission, type PatientCase, type Ticket } from '../scenario/patient-case';
import { type Scenario } from '../scenario/scenario';

/** What came of one request of a race. */
export interface Answered {
  readonly kind: 'permit' | 'key' | 'ciphertext';
  /** When it was begun: before the patient revoked, while that was on its way, or after the patient's hospital had it in a block. */
  readonly begun: 'before' | 'during' | 'after';
  readonly isGiven: boolean;
  /** `ok`, `denied`, or the refusal's code. */
  readonly code: string;
}

/** So many of each kind race with one revocation. */
const OF_EACH_KIND = 8;
/** Requests are begun within so many milliseconds, the revocation somewhere in the second half. */
const WINDOW_MILLIS = 1_500;
/** Open tickets for which keys and ciphertext are asked. */
const TICKETS = 2;

/** A patient whose consent is granted, raced and revoked, again and again. */
export class RacedPatient {
  #version = 1;
  #cipherSha256: string | undefined;

  constructor(
    private readonly scenario: Scenario,
    private readonly known: PatientCase,
    private readonly recordId: string,
  ) {}

  /** Begins with the consent granted, and ends with it granted again. */
  async race(): Promise<readonly Answered[]> {
    const { known } = this;
    const who = known.staff.cardiologistB;
    const tickets: Ticket[] = [];
    for (let count = 0; count < TICKETS; count += 1) tickets.push(await known.ask(who, { recordIds: [this.recordId] }));
    await this.scenario.catchUp(this.scenario.a);
    const cipherSha256 = await this.#object();
    let begun: Answered['begun'] = 'before';
    const revoking = setTimeout((WINDOW_MILLIS / 2) * (1 + Math.random())).then(async () => {
      begun = 'during';
      await known.revoke(this.#version);
      begun = 'after';
    });
    const asking = Array.from({ length: OF_EACH_KIND }).flatMap((_, count) => {
      const ticket = tickets[count % TICKETS];
      if (ticket === undefined) throw new Error('no ticket was asked for');
      const at = (work: () => Promise<string>, kind: Answered['kind']) =>
        setTimeout(Math.random() * WINDOW_MILLIS).then(async (): Promise<Answered> => {
          const when = begun;
          const code = await work();
          return { kind, begun: when, isGiven: code === 'ok', code };
        });
      return [
        at(() => this.#permit(), 'permit'),
        at(() => this.#key(ticket), 'key'),
        at(() => this.#ciphertext(ticket, cipherSha256), 'ciphertext'),
      ];
    });
    const [answered] = await Promise.all([Promise.all(asking), revoking]);
    this.#version += 2; // revoked is a version, and granted again the next
    await known.grant([permission()]);
    return answered;
  }

  async #object(): Promise<string> {
    const { pseudonym } = this.known;
    this.#cipherSha256 ??= (await this.known.see(transactions.GetRecord, { pseudonym, recordId: this.recordId })).cipherSha256;
    return this.#cipherSha256;
  }

  async #permit(): Promise<string> {
    try {
      const { answer } = await this.known.ask(this.known.staff.cardiologistB, { recordIds: [this.recordId] });
      return answer.decision === 'permit' ? 'ok' : 'denied';
    } catch (error) {
      if (error instanceof LedgerFailure) return codeOfFailure(error);
      throw error;
    }
  }

  #key({ ticketId }: Ticket): Promise<string> {
    const body = JSON.stringify({ ticketId, recordId: this.recordId });
    return this.scenario.askMemberAtOnce(this.scenario.b, this.scenario.a, { method: 'POST', path: '/v1/keys:release', body });
  }

  #ciphertext({ ticketId }: Ticket, cipherSha256: string): Promise<string> {
    const headers = { 'lianyi-ticket': ticketId };
    return this.scenario.askMemberAtOnce(this.scenario.b, this.scenario.a, { method: 'GET', path: `/v1/objects/${cipherSha256}`, headers });
  }
}
