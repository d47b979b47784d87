import { styleText } from 'node:util';
import { wrapHanging, wrapToWidth } from '@lianyi/cli/wording';

/** The two languages the story is told in. */
export type StoryLanguage = 'en' | 'zh';

/** One sentence in both languages. */
export type StoryText = Readonly<Record<StoryLanguage, string>>;

/** What a step of the story came to. Denied, refused and detected are the plot, not failures. */
export type StepOutcome = 'done' | 'permitted' | 'denied' | 'refused' | 'detected';

/** What a step reports about itself; ids and codes only, never document content. */
export type StepResult = {
  readonly outcome: StepOutcome;
  /** A text alone is ids and codes, which are the same in both languages. */
  readonly detail?: StoryText | string;
  readonly transactionId?: string;
  readonly blockNumber?: number;
};

/** A finished step as `--json` prints it. */
export type StepLine = Omit<StepResult, 'detail'> & {
  readonly step: number;
  readonly title: string;
  readonly elapsedMillis: number;
  readonly detail?: string;
};

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

export type ReportOptions = {
  readonly language: StoryLanguage;
  readonly json: boolean;
  /** Of a line; infinite where a program reads it. */
  readonly columns: number;
  readonly write: (text: string) => void;
};

/** Below the number and the time of a step. */
const BELOW = ' '.repeat(14);
/** Below a line of the audit. */
const BELOW_LINE = ' '.repeat(8);

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
      const { detail, ...rest } = result;
      this.#print({
        step: this.#steps,
        title: title[this.options.language],
        elapsedMillis: Math.round(performance.now() - startedAt),
        ...rest,
        ...(detail === undefined ? {} : { detail: this.#say(detail) }),
      });
      return result;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new StoryBroken(`step ${this.#steps} (${title[this.options.language]}): ${reason}`, { cause: error });
    }
  }

  /** Lines that stay as they are, e.g. commands to copy. */
  note(text: string): void {
    this.options.write(`${this.options.json ? JSON.stringify({ note: text }) : text}\n`);
  }

  /** One line for people, which goes on below its begin where it is too long. */
  line(text: StoryText): void {
    if (!this.options.json) this.options.write(`${wrapHanging(this.#say(text), BELOW_LINE, this.options.columns)}\n`);
  }

  #say(text: StoryText | string): string {
    return typeof text === 'string' ? text : text[this.options.language];
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
    if (reason !== undefined) this.options.write(`\n${wrapToWidth(reason, this.options.columns)}\n`);
    const seconds = (elapsedMillis / 1000).toFixed(1);
    const told = this.#say({
      en: `${word}  ${this.#steps} steps, ${seconds} s`,
      zh: `${pass ? '通过' : '未通过'}（${word}）  ${this.#steps} 步，${seconds} 秒`,
    });
    this.options.write(`\n${styleText(pass ? 'green' : 'red', told)}\n`);
  }

  #print(line: StepLine): void {
    if (this.options.json) {
      this.options.write(`${JSON.stringify(line)}\n`);
      return;
    }
    const number = String(line.step).padStart(3);
    const time = `${line.elapsedMillis} ms`.padStart(8);
    const word = styleText(outcomeColour[line.outcome], outcomeWord[line.outcome][this.options.language]);
    const block = line.blockNumber === undefined ? '' : this.#say({ en: ` block ${line.blockNumber}`, zh: ` 区块 ${line.blockNumber}` });
    const id = line.transactionId?.slice(0, 12) ?? '';
    const where = id === '' ? '' : styleText('dim', `${this.#say({ en: '  tx', zh: '  交易' })} ${id}…${block}`);
    const below = (text: string): string => wrapHanging(text, BELOW, this.options.columns);
    const told = below(`${line.title}  ${word}${where}`);
    const detail = line.detail === undefined ? '' : styleText('dim', `\n${BELOW}${below(line.detail)}`);
    this.options.write(`${number} ${time}  ${told}${detail}\n`);
  }
}
