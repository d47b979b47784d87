import { basename } from 'node:path';

import { needsNamed } from '@lianyi/domain/deciding';
import { type Acts } from '../acts';
import { CommandFailed } from '../command-line';
import { type Hospital } from '../hospital';
import { details } from './details';
import { insist } from './insist';
import { type Report } from './report';
import { type DocumentFolder, isOrdinary, needsText, type StoredDocument } from './story-documents';
import { titles } from './titles';

/** So many of the files left out are named. */
const NAMED_FILES = 8;

/** The part of the story in which a folder's documents are published at A with a copy at C. */
export class Publication {
  /** The transactions that anchored them. */
  readonly #told: string[] = [];

  constructor(
    private readonly acts: Acts,
    private readonly hospitals: readonly [a: Hospital, b: Hospital, c: Hospital],
    private readonly pseudonym: string,
    private readonly report: Report,
  ) {}

  /**
   * Goes on after a document that is refused for what it is, and says so.
   * @returns those that an ordinary consent opens first, and the transactions
   * @throws Error — not one was taken: a story without documents would prove nothing.
   */
  async of({
    files,
    skipped,
  }: DocumentFolder): Promise<{ readonly documents: readonly StoredDocument[]; readonly told: readonly string[] }> {
    if (skipped.length > 0) {
      const names = skipped.slice(0, NAMED_FILES).map((file) => basename(file));
      const detail = `${skipped.length}: ${names.join(', ')}${skipped.length > names.length ? ' …' : ''}`;
      await this.report.step(titles.skipped, () => Promise.resolve({ outcome: 'done', detail }));
    }
    const stored: StoredDocument[] = [];
    for (const file of files) {
      const document = await this.#publish(file);
      if (document !== undefined) stored.push(document);
    }
    insist(stored.length > 0, 'none of the documents was taken');
    return { documents: [...stored.filter(isOrdinary), ...stored.filter((document) => !isOrdinary(document))], told: this.#told };
  }

  /** @returns nothing if the document itself is refused */
  async #publish(file: string): Promise<StoredDocument | undefined> {
    let stored: StoredDocument | undefined;
    await this.report.step(titles.publish, async () => {
      try {
        const { document, recordClass, places, ...where } = await this.#store(file);
        stored = document;
        const stays = details.stored(basename(file), recordClass, places);
        const needs = needsText(document.needs);
        const detail = isOrdinary(document)
          ? stays
          : { en: `${stays.en}, needs a consent that names ${needs.en}`, zh: `${stays.zh}，授权须写明${needs.zh}` };
        return { outcome: 'done', detail, ...where };
      } catch (error) {
        if (!(error instanceof CommandFailed) || !error.code.startsWith('DOCUMENT_')) throw error;
        return { outcome: 'refused', detail: `${basename(file)}: ${error.code}` };
      }
    });
    return stored;
  }

  async #store(file: string) {
    const [a, , c] = this.hospitals;
    const { recordId, ...where } = await this.acts.publish('lab-a', file, this.pseudonym, [c.member.mspId]);
    this.#told.push(where.transactionId);
    const record = await this.acts.showRecord('lab-a', this.pseudonym, recordId);
    const places = record.locators.map(({ mspId }) => mspId);
    insist(places.includes(a.member.mspId) && places.includes(c.member.mspId), `the copies are at ${places.join(', ')}`);
    const document = { file, recordId, cipherSha256: record.cipherSha256, needs: needsNamed(record) };
    return { document, recordClass: record.class, places, ...where };
  }
}
