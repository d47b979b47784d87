import { readFileSync } from 'node:fs';
import { commonRefusals, denyReasons, errors, transactions } from '@lianyi/domain';
import { sourcesBelow } from './packages';

const sources = ['domain', 'chaincode', 'application']
  .flatMap((room) => sourcesBelow(room))
  .filter((file) => !file.includes('domain/src/errors/'))
  .map((file) => readFileSync(file, 'utf8'));

describe('refusal codes', () => {
  it('thrown anywhere are in the table', () => {
    const thrown = sources.flatMap((source) => [...source.matchAll(/new DomainError\(\s*'([A-Z_]+)'/g)].map((match) => match[1] ?? ''));
    expect(thrown.filter((code) => !Object.hasOwn(errors, code))).toEqual([]);
    expect(thrown.length).toBeGreaterThan(20);
  });

  it('in the table are used somewhere', () => {
    const unused = Object.keys(errors).filter((code) => !sources.some((source) => source.includes(`'${code}'`)));
    expect(unused).toEqual([]);
  });

  it('that a transaction names are in the table', () => {
    const named = [...commonRefusals, ...Object.values(transactions).flatMap((entry) => [...entry.refusals])];
    expect(named.filter((code) => !Object.hasOwn(errors, code))).toEqual([]);
  });

  it('and deny reasons speak both languages', () => {
    const silent = [...Object.entries(errors), ...Object.entries(denyReasons)].filter(
      ([, text]) =>
        [text.meaning.en, text.remedy.en].some((words) => words.length < 5) ||
        ![text.meaning.zh, text.remedy.zh].every((words) => /[\u4e00-\u9fff]/.test(words)),
    );
    expect(silent.map(([code]) => code)).toEqual([]);
  });

  it('and deny reasons never share a name', () => {
    expect(Object.keys(denyReasons).filter((reason) => Object.hasOwn(errors, reason))).toEqual([]);
  });
});
