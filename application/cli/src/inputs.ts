import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { parseStrictJson, StrictJsonError } from '@lianyi/domain';
import { CliProblem } from './cli-problem';
import { misfitsOf, misfitText } from './misfits';
import { type Terminal } from './terminal';

/** Text that a function turns into another value, which a schema then looks at. */
type FromText<Between, Schema extends z.ZodType<unknown, Between>> = z.ZodPipe<
  z.ZodPipe<z.ZodString, z.ZodTransform<Between, string>>,
  Schema
>;

/** `a,b,c` as a list of different texts, each by the given schema. */
export function list<Item extends z.ZodType<unknown, string>>(item: Item): FromText<string[], z.ZodArray<Item>> {
  const partsOf = (text: string): string[] => [
    ...new Set(
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    ),
  ];
  // a string first: of an option that was left out there is nothing to take apart
  return z.pipe(z.pipe(z.string(), z.transform(partsOf)), z.array(item));
}

/** A whole number written in digits. */
export function whole<Schema extends z.ZodType<unknown, number>>(schema: Schema): FromText<number, Schema> {
  const numberOf = (text: string, context: z.core.$RefinementCtx): number => {
    if (/^[0-9]{1,9}$/.test(text)) return Number(text);
    context.issues.push({ code: 'custom', input: text, message: 'a whole number' });
    return z.NEVER;
  };
  return z.pipe(z.pipe(z.string(), z.transform(numberOf)), schema);
}

/** Reads a file named on the command line; `-` is standard input. */
export function readInput(path: string, { cwd, readStdin }: Pick<Terminal, 'cwd' | 'readStdin'>): Buffer {
  try {
    return path === '-' ? readStdin() : readFileSync(resolve(cwd, path));
  } catch (cause) {
    throw new CliProblem('FILE_UNREADABLE', path, { cause });
  }
}

const JSON_LIMITS = { maxBytes: 1024 * 1024, maxDepth: 32 };

/** Reads a JSON file strictly: what the ledger would refuse (duplicate keys, floats) is refused here already. */
export function readJson(path: string, terminal: Pick<Terminal, 'cwd' | 'readStdin'>): unknown {
  const text = readInput(path, terminal).toString('utf8');
  try {
    return parseStrictJson(text, JSON_LIMITS);
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error;
    throw new CliProblem('USAGE', `${path}: ${error.problem}, ${error.offset}`, { cause: error });
  }
}

/** Reads a JSON file that must fit a schema. @throws CliProblem `USAGE` — every place that does not */
export function parsedFile<Schema extends z.ZodType>(
  schema: Schema,
  file: string,
  terminal: Pick<Terminal, 'cwd' | 'readStdin'>,
): z.output<Schema> {
  const value = readJson(file, terminal);
  const result = schema.safeParse(value);
  if (!result.success)
    throw new CliProblem('USAGE', misfitText(misfitsOf(schema, value).map(({ path, why }) => [[file, ...path].join('.'), why])));
  return result.data;
}
