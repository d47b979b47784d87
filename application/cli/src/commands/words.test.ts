import { entities, transactions } from '@lianyi/domain';
import { denyReasonCodes, errorCodes } from '@lianyi/domain/errors';
import { z } from 'zod';
import { commandAreas } from '../areas';
import { run } from '../terminal.fixture';
import { choicesText, stateText, wordsText, wordText } from './words';

/** Every word that a schema allows anywhere. */
function wordsIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { enum: words } = schema as { enum?: unknown };
  const own = Array.isArray(words) ? words.filter((word) => typeof word === 'string') : [];
  return [...own, ...Object.values(schema).flatMap(wordsIn)];
}

const schemas = [...Object.values(entities).map(({ schema }) => schema), ...Object.values(transactions).map(({ response }) => response)];
const words = [
  ...new Set(schemas.flatMap((schema) => wordsIn(z.toJSONSchema(schema as z.ZodType, { unrepresentable: 'any', io: 'input' })))),
];
/** Codes are the same in both languages; `lianyi errors` explains them. */
const codes: ReadonlySet<string> = new Set([...denyReasonCodes, ...errorCodes]);

describe('the words of what the ledger keeps and answers', () => {
  it('are found', () => {
    expect(words).toEqual(
      expect.arrayContaining(['PolicyGranted', 'laboratory-report', 'TREAT', 'V', 'keyService', 'stolen', 'suspended']),
    );
  });

  it.each(words.filter((word) => !codes.has(word)))('%s has a word in Chinese', (word) => {
    const told = [wordText(word).zh, stateText(word).zh];
    expect(told.filter((text) => /\p{Script=Han}/u.test(text))).not.toEqual([]);
  });

  it.each(['toString', '__proto__', 'constructor', 'HospitalAMSP'])('%s, which is none, is told as it is', (word) => {
    expect([wordText(word), stateText(word)]).toEqual([
      { en: word, zh: word },
      { en: word, zh: word },
    ]);
  });

  it('are listed as each language lists, and with what is typed', () => {
    expect(wordsText(['nurse', 'lab'])).toEqual({ en: 'nurse, lab', zh: '护士、检验人员' });
    expect(choicesText(['nurse', 'TREAT', 'laboratory-report'])).toBe('nurse（护士）、治疗（TREAT）、laboratory-report（检验报告）');
  });
});

describe('an option', () => {
  it.each(commandAreas.map(({ name, commands }) => [name, commands] as const))(
    'of `lianyi %s` is none that the program answers itself',
    async (_area, commands) => {
      const names = (await commands()).flatMap(({ flags = [] }) => flags.map(({ flags: spelled }) => spelled.split(' ')[0]));
      for (const taken of ['--version', '--help']) expect(names).not.toContain(taken);
    },
  );
});

describe('help in Chinese', () => {
  it.each(commandAreas.map(({ name, commands }) => [name, commands] as const))(
    'of `lianyi %s` leaves no sentence in English',
    async (area, commands) => {
      for (const { name } of await commands()) {
        const { stdout } = await run([area, ...(name === '' ? [] : [name]), '--help', '--lang', 'zh'], { columns: 80 });
        // beside names, codes and what is typed, no three English words stand in a row
        expect(stdout.replace(/^.*用法：.*$|^ +lianyi .*$|`[^`]*`/gm, '')).not.toMatch(/(?<![-/<\w.:])[a-z]{2,} [a-z]{2,} [a-z]{2,}/);
        expect(stdout).not.toContain('(choices:');
      }
    },
  );
});
