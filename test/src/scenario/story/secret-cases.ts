import { readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { seedOfPhrase } from '@lianyi/client/recovery';
import { DomainError, qualifiedName, transactions } from '@lianyi/domain';
import { type Leak, leaksBelow, leaksIn } from '../canary';
import { blocksEverywhere, passphraseOf, phraseIn, privateKeysOf, type Secret } from '../kept-secrets';
import { type GetWorld } from './world';

/** What a story must have made, so that looking for secrets in it means something. */
export interface Told {
  /** Kinds of secret beside keys: of whoever comes back, of whom hospitals know, of what one person hears. */
  readonly secrets: readonly ('phrases' | 'numbers' | 'spoken')[];
  /** Whose transactions are committed, all of those that write. */
  readonly contracts: (contract: string) => boolean;
}

/** After all that was told: phrases, numbers of people, keys and codes are where they belong, and nowhere else. */
export function secretCases(world: GetWorld, told: Told): void {
  const data = () => world().scenario.consortium.data;
  const inputs = (name: RegExp): readonly string[] =>
    readdirSync(data().file(''))
      .filter((file) => name.test(file))
      .map((file) => data().file(file));
  /** By which hospitals know a person. */
  const numbers = (): readonly Secret[] => inputs(/number-\d+\.txt$/).map((home) => ({ marker: readFileSync(home, 'utf8').trim(), home }));
  const phrases = (): readonly Secret[] => inputs(/^phrase-/).flatMap((file) => (isPhrase(file) ? phraseIn(file) : []));
  const keys = (): readonly Secret[] => [passphraseOf(data()), ...privateKeysOf(data())];
  /** Hand-over codes, and guardians' shares of a phrase. */
  const spoken = (): readonly Secret[] => [
    ...world().secrets.map((marker) => ({ marker, home: '' })),
    ...inputs(/^share-/).map((home) => ({ marker: (JSON.parse(readFileSync(home, 'utf8')) as { share: string }).share, home })),
  ];
  const shown = (leaks: readonly Leak[]): readonly string[] => [
    ...new Set(leaks.map(({ place, form, marker }) => `${relative(data().root, place)}: secret ${marker}, ${form}`)),
  ];

  it('no block of any peer holds a phrase, a number, a key, a share or a code', async () => {
    const made = { numbers: numbers(), phrases: phrases(), spoken: spoken() };
    for (const kind of told.secrets) expect([kind, made[kind].length]).not.toEqual([kind, 0]);
    const secrets = [...made.numbers, ...made.phrases, ...keys(), ...made.spoken];
    const blocks = await blocksEverywhere(world().scenario);
    const markers = [...secrets.map(({ marker }) => marker), ...world().salts];
    expect(blocks.flatMap(([place, bytes]) => leaksIn(place, bytes, markers))).toEqual([]);
    const committed = new Set(blocks.flatMap(([, bytes]) => bytes.toString('latin1').match(/[A-Z]\w+Contract:\w+/g) ?? []));
    const writing = Object.values(transactions).filter(({ kind, contract }) => kind === 'submit' && told.contracts(contract));
    expect(writing.filter((entry) => !committed.has(qualifiedName(entry))).map(({ name }) => name)).toEqual([]);
  });

  it('no file of a network, a node, a vault or a log holds one, but its own', () => {
    const secrets = [...phrases(), ...keys(), ...spoken()];
    const leaks = leaksBelow(
      data().root,
      secrets.map(({ marker }) => marker),
      (file) => file.startsWith(data().file('')),
    ).filter(({ place, marker }) => place !== secrets[marker]?.home);
    expect(shown(leaks)).toEqual([]);
  });

  it('a number is in the private data of its hospital alone: in no log, no node’s database, no profile', () => {
    const isLawful = (file: string): boolean =>
      file.startsWith(data().file('')) || (file.startsWith(data().network) && !/[/\\]logs[/\\]/.test(file));
    const markers = numbers().map(({ marker }) => marker);
    expect(shown(leaksBelow(data().root, markers, isLawful))).toEqual([]);
  });
}

/** Some files of the story hold what was mistyped for a phrase. */
function isPhrase(file: string): boolean {
  try {
    seedOfPhrase(readFileSync(file, 'utf8'));
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}
