import { Option } from 'commander';
import { z } from 'zod';
import { type HelpText, type HelpLanguage } from './language';

/** An option of a verb: how it is spelt, what it means, and the schema that parses its value. */
export interface OptionSpec<Schema extends z.ZodType = z.ZodType> {
  /** As commander spells it, e.g. `--msp-id <id>`. */
  readonly flags: string;
  readonly text: HelpText;
  /** Says whether it must be given: then it refuses `undefined`. */
  readonly schema: Schema;
  /** What a value must be; told when the schema refuses one. */
  readonly needs?: HelpText;
  /** May be given several times. */
  readonly repeated?: boolean;
  readonly preset?: string;
  readonly choices?: readonly string[];
}

/** A positional argument, e.g. `<name>`, `[node]` or `[args...]`. */
export interface ArgumentSpec<Schema extends z.ZodType = z.ZodType> {
  readonly term: string;
  readonly text: HelpText;
  readonly schema: Schema;
}

/** An option that may be left out. */
export function optional(flags: string, text: HelpText): OptionSpec<z.ZodOptional<z.ZodString>> {
  return { flags, text, schema: z.string().optional() };
}

/** An option that must be given. */
export function required(flags: string, text: HelpText): OptionSpec<z.ZodString> {
  return { flags, text, schema: z.string() };
}

/** An option with a value of its own where it is left out. */
export function preset(flags: string, text: HelpText, value: string): OptionSpec<z.ZodString> {
  return { flags, text, schema: z.string(), preset: value };
}

/** An option that may be given several times; empty where it is left out. */
export function repeated(flags: string, text: HelpText): OptionSpec<z.ZodDefault<z.ZodArray<z.ZodString>>> {
  return { flags, text, schema: z.array(z.string()).default([]), repeated: true };
}

/** An option without a value. */
export function switchOption(flags: string, text: HelpText): OptionSpec<z.ZodDefault<z.ZodBoolean>> {
  return { flags, text, schema: z.boolean().default(false) };
}

/** An option with one of a few values. */
export function choice<const Values extends readonly [string, ...string[]]>(
  flags: string,
  text: HelpText,
  choices: Values,
): OptionSpec<z.ZodOptional<z.ZodEnum<{ [K in Values[number]]: K }>>> {
  return { flags, text, schema: z.enum(choices).optional(), choices };
}

/** An option whose value a schema turns into something else, or refuses with the sentence `needs`. */
export function parsed<Schema extends z.ZodType>(
  flags: string,
  text: HelpText,
  value: { readonly schema: Schema; readonly needs: HelpText; readonly preset?: string },
): OptionSpec<Schema> {
  return { flags, text, ...value };
}

export function argument(term: string, text: HelpText): ArgumentSpec<z.ZodString> {
  return { term, text, schema: z.string() };
}

/** Digits without a sign or leading zeros, as a number within the limits (inclusive). */
export function wholeNumber(least: number, most: number): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> {
  return z.string().transform((text, context) => {
    const number = Number(text);
    if (/^(0|[1-9]\d*)$/.test(text) && number >= least && number <= most) return number;
    context.addIssue({ code: 'custom', message: 'not such a number' });
    return z.NEVER;
  });
}

/** The option as commander declares it, in one language; that it must be given is the schema's to say. */
export function declared(spec: OptionSpec, language: HelpLanguage): Option {
  const { flags, text, schema, repeated: isRepeated, preset: value, choices } = spec;
  const isRequired = value === undefined && !schema.safeParse(undefined).success;
  const mark = isRequired ? { en: ' (required)', zh: '（必填）' }[language] : '';
  const option = new Option(flags, `${text[language]}${mark}`);
  if (value !== undefined) option.default(value);
  if (choices) option.choices([...choices]);
  if (isRepeated) option.argParser<readonly string[] | undefined>((each, former = []) => [...former, each]);
  return option;
}
