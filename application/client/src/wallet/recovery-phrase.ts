import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as simplified } from '@scure/bip39/wordlists/simplified-chinese.js';
import { wordlist as traditional } from '@scure/bip39/wordlists/traditional-chinese.js';
import { DomainError } from '@lianyi/domain';

/** The lists of BIP-39 that a recovery phrase may be written in. The words say the same in both: a number from 0 to 2047. */
export const phraseLanguages = ['en', 'zh'] as const;
export type PhraseLanguage = (typeof phraseLanguages)[number];

const lists: Readonly<Record<PhraseLanguage, readonly string[]>> = { en: english, zh: simplified };

/** A wallet's seed of 32 bytes and its checksum (BIP-39): eleven bits a word. */
const PHRASE_WORDS = 24;
/** Far more than 24 words are; whatever is longer is no phrase and is not looked at. */
const LONGEST_TEXT = 2048;
const LONGEST_WORD_TOLD = 32;
const SUGGESTIONS = 3;
const HAN = /\p{Script=Han}/u;

/**
 * The words of a seed. They are the seed: whoever reads them is the patient.
 * @param seed - 32 bytes
 */
export function phraseOf(seed: Uint8Array, language: PhraseLanguage): readonly string[] {
  return entropyToMnemonic(seed, [...lists[language]]).split(' ');
}

/**
 * The seed of a phrase, however it is spaced, numbered or capitalised; Chinese words need no spaces.
 * @throws {@link DomainError} `PHRASE_INVALID` — details: obstacle `word` with its place from 1 on, the word and the nearest of the list;
 * `words` with how many there are; `checksum`; `text`
 */
export function seedOfPhrase(text: string): Uint8Array {
  if (text.length > LONGEST_TEXT || !text.isWellFormed()) throw new DomainError('PHRASE_INVALID', undefined, { obstacle: 'text' });
  const language: PhraseLanguage = HAN.test(text) ? 'zh' : 'en';
  const words = wordsIn(text);
  const list = lists[language];
  const wrong = words.findIndex((word) => !list.includes(word));
  // the word first: a phrase with a letter too many or too few is told where, whatever else is missing
  if (wrong !== -1) throw wrongWord(words[wrong] ?? '', wrong + 1, language);
  if (words.length !== PHRASE_WORDS) throw new DomainError('PHRASE_INVALID', undefined, { obstacle: 'words', words: words.length });
  try {
    return mnemonicToEntropy(words.join(' '), [...list]);
  } catch {
    // the library's message is not kept: it may name a word
    throw new DomainError('PHRASE_INVALID', undefined, { obstacle: 'checksum' });
  }
}

/** The words of a text: without numbers, commas and capitals, each Chinese character for itself. */
function wordsIn(text: string): readonly string[] {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .split(/[\s\p{P}\p{Cf}\p{N}]+/u)
    .flatMap((piece) => (HAN.test(piece) ? Array.from(piece) : [piece]))
    .filter((word) => word !== '');
}

function wrongWord(word: string, place: number, language: PhraseLanguage): DomainError {
  // between characters: half of one is no well-formed text
  const told = Array.from(word).slice(0, LONGEST_WORD_TOLD).join('');
  const details = { obstacle: 'word', place, word: told, nearest: nearest(word, language).join(', ') };
  return new DomainError('PHRASE_INVALID', undefined, details);
}

/** The words of the list that are nearest: by letters, and in Chinese the simplified form of a traditional character. */
function nearest(word: string, language: PhraseLanguage): readonly string[] {
  if (language === 'zh') return [simplified[traditional.indexOf(word)]].filter((found) => found !== undefined);
  if (word.length > LONGEST_WORD_TOLD) return [];
  const byDistance = english.map((candidate) => ({ candidate, distance: editDistance(word, candidate) }));
  byDistance.sort((one, other) => one.distance - other.distance || (one.candidate < other.candidate ? -1 : 1));
  return byDistance.slice(0, SUGGESTIONS).map(({ candidate }) => candidate);
}

/** How many letters are to be put in, left out, exchanged or swapped with their neighbour (Damerau, 1964; optimal string alignment). */
function editDistance(one: string, other: string): number {
  let [beforeLast, last]: [number[], number[]] = [[], Array.from({ length: other.length + 1 }, (_none, index) => index)];
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      const ways = [at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (isSame ? 0 : 1)];
      if (isSwapped) ways.push(at(beforeLast, column - 2) + 1);
      current.push(Math.min(...ways));
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, other.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
