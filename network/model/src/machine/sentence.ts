/** What a person is told, in both languages. Programs read the codes and the JSON, which are the same in both. */
export interface Sentence {
  readonly en: string;
  readonly zh: string;
}
