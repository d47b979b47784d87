import { type CountedGrant } from '@lianyi/domain';
import { type Text } from '../language';
import { localTime } from '../local-time';
import { type Cell } from '../outcome';
import { copyTermsText } from './copy-terms';
import { showGrantee } from './grantee';
import { stateText, wordsText } from './words';

/**
 * A grant as a row of the patient's list: to whom, version, state, and what each provision does until when, and how often still; of a version that
 * has been replaced, how often at most.
 */
export function grantRow(
  { grantee: to, version, state, provisions, taken }: CountedGrant,
  timeZone: string,
  isReplaced = false,
): readonly Cell[] {
  const summary = provisions.map((provision) => {
    const [text, left] = [provisionText(provision, timeZone), usesText(provision, isReplaced ? undefined : (taken ?? []))];
    const copying = provision.effect === 'deny' ? undefined : copyTermsText(provision, timeZone);
    const said = copying === undefined ? { en: '', zh: '' } : { en: `, ${copying.en}`, zh: `，${copying.zh}` };
    return { en: text.en + left.en + said.en, zh: text.zh + left.zh + said.zh };
  });
  return [
    showGrantee(to),
    version,
    stateText(state),
    { en: summary.map(({ en }) => en).join('; '), zh: summary.map(({ zh }) => zh).join('；') },
  ];
}

/** How many of its uses are left, where it has a number of them. */
function usesText(provision: CountedGrant['provisions'][number], taken: CountedGrant['taken']): Text {
  if (provision.effect === 'deny' || provision.uses === undefined) return { en: '', zh: '' };
  if (taken === undefined) return { en: `, for ${provision.uses} permits`, zh: `，限 ${provision.uses} 次` };
  const count = taken.find(({ provisionId }) => provisionId === provision.provisionId)?.count ?? 0;
  const left = provision.uses - count;
  return { en: `, ${left} of ${provision.uses} uses left`, zh: `，尚余 ${left}/${provision.uses} 次` };
}

function provisionText(
  { effect, purposes: wanted, confidentiality, validUntil }: CountedGrant['provisions'][number],
  timeZone: string,
): Text {
  const what = wordsText(wanted === 'any' ? [wanted] : wanted);
  const labels = wordsText(confidentiality ?? []);
  const end = validUntil === undefined ? '' : ` < ${localTime(validUntil, timeZone)}`;
  const does = stateText(effect);
  return {
    en: [does.en, what.en, labels.en].filter((text) => text !== '').join(' ') + end,
    zh: [does.zh, what.zh, labels.zh].filter((text) => text !== '').join(' ') + end,
  };
}
