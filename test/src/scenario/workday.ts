import { mspIdSchema, transactions } from '@lianyi/domain';
import { laboratoryReport, PatientCase } from './patient-case';
import { type Roster } from './roster';
import { type Scenario } from './scenario';

/** What the consortium does all day: A publishes with a copy at C, B asks and reads; every call that fails is remembered. */
export class Workday {
  readonly publishedAt: number[] = [];
  readonly readAt: number[] = [];
  readonly failures: string[] = [];
  readonly #recordIds: string[] = [];
  #longestMillis = 0;
  #isOver = false;
  readonly #done: Promise<unknown>;

  private constructor(
    private readonly known: PatientCase,
    private readonly staff: Roster,
    private readonly firstRecord: string,
    private readonly network: Scenario['network'],
  ) {
    this.#done = Promise.all([this.#repeat(() => this.#publish()), this.#repeat(() => this.#open())]);
  }

  /** Begins with a patient of its own, whose record cardiology of B may read. */
  static async begin(scenario: Scenario, staff: Roster): Promise<Workday> {
    const { known, recordId } = await PatientCase.granted(scenario, staff);
    return new Workday(known, staff, recordId, scenario.network);
  }

  get published(): number {
    return this.publishedAt.length;
  }

  get read(): number {
    return this.readAt.length;
  }

  /** Every record that was called published is on the ledger. */
  async isAllThere(): Promise<boolean> {
    const { pseudonym } = this.known;
    const ids = new Set<string>();
    for (let after: string | undefined; ;) {
      const { items, next } = await this.known.seeOwn(transactions.ListRecords, {
        pseudonym,
        limit: 100,
        ...(after === undefined ? {} : { after }),
      });
      for (const { recordId } of items) ids.add(recordId);
      if (next === undefined) return this.#recordIds.every((recordId) => ids.has(recordId));
      after = next;
    }
  }

  summary(): string {
    const { published, read, failures } = this;
    return `${published} records published, ${read} read, ${failures.length} calls failed, the longest took ${this.#longestMillis} ms`;
  }

  /** Finishes what is under way. May be called again. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#done;
  }

  async #repeat(work: () => Promise<void>): Promise<void> {
    while (!this.#isOver) {
      const begun = Date.now();
      try {
        await work();
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? `${String(error.code)}: ` : '';
        this.failures.push(`${code}${String(error)}`);
      }
      this.#longestMillis = Math.max(this.#longestMillis, Date.now() - begun);
    }
  }

  async #publish(): Promise<void> {
    this.#recordIds.push(await this.known.publish(laboratoryReport));
    this.publishedAt.push(Date.now());
  }

  async #open(): Promise<void> {
    const { cardiologistB } = this.staff;
    const recordId = this.firstRecord;
    const ticket = await this.known.ask(cardiologistB, { recordIds: [recordId] });
    // the reader's own node and nobody else: what a test asks besides must not count as a failure
    const mspId = mspIdSchema.parse(cardiologistB.hospital.member.mspId);
    const { pseudonym } = this.known;
    const request = {
      ...ticket,
      recordId,
      pseudonym,
      network: this.network,
      mspId,
      witness: this.known.scenario.witnessFor(cardiologistB.hospital),
    };
    const opened = await cardiologistB.client.readDocument(request, cardiologistB.sign);
    if (!laboratoryReport.equals(opened.bytes)) throw new Error('the document read is not the one published');
    this.readAt.push(Date.now());
  }
}
