import { styleText } from 'node:util';

/** The two languages the story is told in. */
export type StoryLanguage = 'en' | 'zh';

/** One sentence in both languages. */
export type StoryText = Readonly<Record<StoryLanguage, string>>;

/** What a step of the story came to. Denied, refused and detected are the plot, not failures. */
export type StepOutcome = 'done' | 'permitted' | 'denied' | 'refused' | 'detected';

/** What a step reports about itself; ids and codes only, never document content. */
export type StepResult = {
  readonly outcome: StepOutcome;
  readonly detail?: string;
  readonly transactionId?: string;
  readonly blockNumber?: number;
};

/** A finished step as `--json` prints it. */
export type StepLine = StepResult & { readonly step: number; readonly title: string; readonly elapsedMillis: number };

/** The story went another way than it must; the demo ends with FAIL. */
class StoryBroken extends Error {
  override readonly name = 'StoryBroken';
}

const outcomeWord: Readonly<Record<StepOutcome, StoryText>> = {
  done: { en: 'done', zh: '完成' },
  permitted: { en: 'PERMITTED', zh: '允许' },
  denied: { en: 'DENIED', zh: '拒绝' },
  refused: { en: 'REFUSED', zh: '驳回' },
  detected: { en: 'DETECTED', zh: '发现' },
};

const outcomeColour: Readonly<Record<StepOutcome, 'green' | 'yellow' | 'dim'>> = {
  done: 'dim',
  permitted: 'green',
  denied: 'yellow',
  refused: 'yellow',
  detected: 'yellow',
};

export type ReportOptions = { readonly language: StoryLanguage; readonly json: boolean; readonly write: (text: string) => void };

/** Numbers the steps, times them and prints each as a line for people or as JSON. */
export class Report {
  #steps = 0;
  readonly #startedAt = performance.now();

  constructor(private readonly options: ReportOptions) {}

  /** A heading between steps; not printed in JSON. */
  chapter(title: StoryText): void {
    if (!this.options.json) this.options.write(`\n${styleText('bold', title[this.options.language])}\n`);
  }

  /** Runs one step and prints it; a step that throws is printed as the one that broke the story. */
  async step(title: StoryText, run: () => Promise<StepResult>): Promise<StepResult> {
    this.#steps += 1;
    const startedAt = performance.now();
    try {
      const result = await run();
      this.#print({
        step: this.#steps,
        title: title[this.options.language],
        elapsedMillis: Math.round(performance.now() - startedAt),
        ...result,
      });
      return result;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new StoryBroken(`step ${this.#steps} (${title[this.options.language]}): ${reason}`, { cause: error });
    }
  }

  /** Free text for people, e.g. what to try next. */
  note(text: string): void {
    if (!this.options.json) this.options.write(`${text}\n`);
  }

  /** The closing verdict. */
  verdict(pass: boolean, reason?: string): void {
    const elapsedMillis = Math.round(performance.now() - this.#startedAt);
    const word = pass ? 'PASS' : 'FAIL';
    if (this.options.json) {
      this.options.write(
        `${JSON.stringify({ verdict: word, steps: this.#steps, elapsedMillis, ...(reason === undefined ? {} : { reason }) })}\n`,
      );
      return;
    }
    if (reason !== undefined) this.options.write(`\n${reason}\n`);
    const seconds = (elapsedMillis / 1000).toFixed(1);
    this.options.write(`\n${styleText(pass ? 'green' : 'red', word)}  ${this.#steps} steps, ${seconds} s\n`);
  }

  #print(line: StepLine): void {
    if (this.options.json) {
      this.options.write(`${JSON.stringify(line)}\n`);
      return;
    }
    const number = String(line.step).padStart(3);
    const time = `${line.elapsedMillis} ms`.padStart(8);
    const word = styleText(outcomeColour[line.outcome], outcomeWord[line.outcome][this.options.language]);
    const block = line.blockNumber === undefined ? '' : ` block ${line.blockNumber}`;
    const where = line.transactionId === undefined ? '' : styleText('dim', `  tx ${line.transactionId.slice(0, 12)}…${block}`);
    const detail = line.detail === undefined ? '' : styleText('dim', `\n              ${line.detail}`);
    this.options.write(`${number} ${time}  ${line.title}  ${word}${where}${detail}\n`);
  }
}
