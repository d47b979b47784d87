import { type z } from 'zod';
import { type HelpText, type HelpLanguage } from './language';
import { type ArgumentSpec, type OptionSpec } from './option';
import { type LineOutput } from './output';
import { UsageProblem } from './usage';

/** What an action may use beside its parsed input. */
export interface VerbCall {
  readonly output: LineOutput;
  readonly language: HelpLanguage;
}

/** One verb as data: what commander declares and the help prints, and what to run. */
export interface VerbSpec {
  readonly name: string;
  readonly summary: HelpText;
  /** Printed below the options. */
  readonly detail?: HelpText;
  readonly arguments: Readonly<Record<string, ArgumentSpec>>;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Takes any options and arguments, because it only refuses. */
  readonly isLenient?: boolean;
  /** @throws {@link UsageProblem} — the raw values do not fit. */
  run(raw: Readonly<Record<string, unknown>>, call: VerbCall): Promise<void>;
}

/** Verbs below a common word, e.g. `certs`. */
export interface VerbGroup {
  readonly name: string;
  readonly summary: HelpText;
  readonly verbs: readonly VerbSpec[];
  readonly groups?: readonly VerbGroup[];
}

type Specs = Readonly<Record<string, ArgumentSpec | OptionSpec>>;
type InputOf<S extends Specs> = { readonly [Key in keyof S]: z.output<S[Key]['schema']> };

/** Ties a verb's arguments and options to its action: inside, the input is parsed and typed. */
export function verb<A extends Readonly<Record<string, ArgumentSpec>>, O extends Readonly<Record<string, OptionSpec>>>(spec: {
  readonly name: string;
  readonly summary: HelpText;
  readonly detail?: HelpText;
  readonly arguments?: A;
  readonly options: O;
  readonly isLenient?: boolean;
  readonly action: (input: InputOf<A> & InputOf<O>, call: VerbCall) => Promise<void> | void;
}): VerbSpec {
  const { action, arguments: named, ...described } = spec;
  const specs: Specs = { ...named, ...spec.options };
  return {
    ...described,
    arguments: named ?? {},
    run: async (raw, call) => {
      // each key's own schema made its value, which no type can follow through the record
      await action(parseInput(specs, raw) as InputOf<A> & InputOf<O>, call);
    },
  };
}

function parseInput(specs: Specs, raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(specs).map(([key, spec]) => [key, parseValue(spec, raw[key])] as const);
  return Object.fromEntries(entries);
}

function parseValue(spec: ArgumentSpec | OptionSpec, value: unknown): unknown {
  const result = spec.schema.safeParse(value);
  if (result.success) return result.data;
  const spelt = 'flags' in spec ? spec.flags : spec.term;
  if (value === undefined) throw UsageProblem.missing(spelt);
  const given = typeof value === 'string' ? value : JSON.stringify(value);
  throw UsageProblem.refused(spelt, given, 'needs' in spec ? spec.needs : undefined);
}
