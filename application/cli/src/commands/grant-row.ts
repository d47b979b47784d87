import { type Grant } from '@lianyi/domain';
import { type Text } from '../language';
import { localTime } from '../local-time';
import { type Cell } from '../outcome';
import { showGrantee } from './grantee';
import { stateText, wordsText } from './words';

/** A grant as a row of the patient's list: to whom, version, state, and what each provision does until when. */
export function grantRow({ grantee: to, version, state, provisions }: Grant, timeZone: string): readonly Cell[] {
  const summary = provisions.map((provision) => provisionText(provision, timeZone));
  return [
    showGrantee(to),
    version,
    stateText(state),
    { en: summary.map(({ en }) => en).join('; '), zh: summary.map(({ zh }) => zh).join('；') },
  ];
}

function provisionText({ effect, purposes: wanted, confidentiality, validUntil }: Grant['provisions'][number], timeZone: string): Text {
  const what = wordsText(wanted === 'any' ? [wanted] : wanted);
  const labels = wordsText(confidentiality ?? []);
  const end = validUntil === undefined ? '' : ` < ${localTime(validUntil, timeZone)}`;
  const does = stateText(effect);
  return {
    en: [does.en, what.en, labels.en].filter((text) => text !== '').join(' ') + end,
    zh: [does.zh, what.zh, labels.zh].filter((text) => text !== '').join(' ') + end,
  };
}
