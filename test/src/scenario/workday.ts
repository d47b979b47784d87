import { laboratoryReport, PatientCase } from './patient-case';
import { type Roster } from './roster';
import { type Scenario } from './scenario';

/** What the consortium does all day: A publishes with a copy at C, B asks and reads; every call that fails is remembered. */
export class Workday {
  published = 0;
  read = 0;
  readonly failures: string[] = [];
  private longestMillis = 0;
  private isOver = false;
  private readonly done: Promise<unknown>;

  private constructor(
    private readonly known: PatientCase,
    private readonly staff: Roster,
    private readonly firstRecord: string,
  ) {
    this.done = Promise.all([this.repeat(() => this.publish()), this.repeat(() => this.open())]);
  }

  /** Begins with a patient of its own, whose record cardiology of B may read. */
  static async begin(scenario: Scenario, staff: Roster): Promise<Workday> {
    const { known, recordId } = await PatientCase.granted(scenario, staff);
    return new Workday(known, staff, recordId);
  }

  summary(): string {
    const { published, read, failures, longestMillis } = this;
    return `${published} records published, ${read} read, ${failures.length} calls failed, the longest took ${longestMillis} ms`;
  }

  /** Finishes what is under way. May be called again. */
  async end(): Promise<void> {
    this.isOver = true;
    await this.done;
  }

  private async repeat(work: () => Promise<void>): Promise<void> {
    while (!this.isOver) {
      const begun = Date.now();
      try {
        await work();
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? `${String(error.code)}: ` : '';
        this.failures.push(`${code}${String(error)}`);
      }
      this.longestMillis = Math.max(this.longestMillis, Date.now() - begun);
    }
  }

  private async publish(): Promise<void> {
    await this.known.publish(laboratoryReport);
    this.published += 1;
  }

  private async open(): Promise<void> {
    const ticket = await this.known.ask(this.staff.cardiologistB, { recordIds: [this.firstRecord] });
    const opened = await this.known.read(this.staff.cardiologistB, ticket, this.firstRecord);
    if (!opened.bytes.equals(laboratoryReport)) throw new Error('the document read is not the one published');
    this.read += 1;
  }
}
