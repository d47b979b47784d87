import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { type NamedNeeds } from '@lianyi/domain/deciding';
import { type StoryText } from './report';

/** A document of the story, where it went, and what a consent must name to open it. */
export type StoredDocument = {
  readonly file: string;
  readonly recordId: string;
  readonly cipherSha256: string;
  readonly needs: NamedNeeds;
};

/** Tells whether an ordinary consent opens a document. */
export function isOrdinary({ needs }: StoredDocument): boolean {
  return Object.keys(needs).length === 0;
}

/** `label R and level 5`: what a consent must name. */
export function needsText({ confidentiality, maxDataLevel }: NamedNeeds): StoryText {
  const named = [
    ...(confidentiality === undefined ? [] : [{ en: `label ${confidentiality}`, zh: `标记 ${confidentiality}` }]),
    ...(maxDataLevel === undefined ? [] : [{ en: `level ${maxDataLevel}`, zh: `级别 ${maxDataLevel}` }]),
  ];
  return { en: named.map(({ en }) => en).join(' and '), zh: named.map(({ zh }) => zh).join('和') };
}

/** What a folder holds: the documents of the story, and the files that are none, by their names. */
export type DocumentFolder = { readonly files: readonly string[]; readonly skipped: readonly string[] };

/** Every JSON file of a folder and below, however its ending is written; what else lies there is counted and not passed over in silence. */
export function documentsOf(folder: string): DocumentFolder {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const all = entries.map(({ parentPath, name }) => join(parentPath, name)).sort();
  const isJson = (file: string): boolean => /\.json$/i.test(file);
  return { files: all.filter(isJson), skipped: all.filter((file) => !isJson(file)) };
}

/** The two documents shipped with the project, made up for it. */
export function shippedDocuments(repositoryRoot: string): readonly string[] {
  return ['laboratory-report-zh.json', 'imaging-report-en.json'].map((name) => join(repositoryRoot, 'application', 'examples', name));
}
