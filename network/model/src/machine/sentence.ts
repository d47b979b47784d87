/** What a person is told, in both languages. Programs read the codes and the JSON, which are the same in both. */
export interface Sentence {
  readonly en: string;
  readonly zh: string;
}

/** Words of somebody else, a program's or Fabric's own, which are told as they are. */
export function verbatim(words: string): Sentence {
  return { en: words, zh: words };
}
