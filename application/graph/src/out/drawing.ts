import { type FactNode } from '../nodes';
import { type PictureLanguage } from './picture-words';
import { valueText } from './value-text';

/** A part of the picture: from its own left upper corner. */
export interface PicturePart {
  readonly height: number;
  readonly content: string;
}

export const WIDTH = 1200;
export const MARGIN = 32;
export const INNER = WIDTH - 2 * MARGIN;

/** What every part of the picture needs to know. */
export interface Drawing {
  readonly language: PictureLanguage;
  readonly nameOf: (custodian: string) => string;
  readonly colours: ReadonlyMap<string, string>;
}

/** What a fact says where the pointer rests: itself, and the records that it comes from. */
export function hintOf({ label, value, time, sayings }: FactNode, { nameOf }: Drawing): string {
  const head = [label, valueText(value), time?.text ?? ''].filter((part) => part !== '').join(', ');
  return [
    head,
    ...sayings.map((saying) => {
      const { place, status } = saying;
      // what a source says otherwise, it is asked to say here
      const said = valueText(saying.value);
      const differing = said === valueText(value) ? '' : ` ${said}`;
      return `${nameOf(place.custodian)}: ${place.recordId} v${place.version} ${status}`.trimEnd() + differing.trimEnd();
    }),
  ].join('\n');
}

export function custodiansOf({ sayings }: FactNode): readonly string[] {
  return [...new Set(sayings.map(({ place }) => place.custodian))];
}
