import { type AccessEvent } from '@lianyi/domain';
import { type Text } from '../language';
import { type Cell } from '../outcome';
import { showGrantee } from './grantee';
import { label } from './vocabulary';
import { stateText, wordText } from './words';

/** What the columns of a line of the audit are called, see {@link lineColumns}. */
export const lineHead: readonly Text[] = [
  { en: 'when', zh: '时间' },
  { en: 'what', zh: '事件' },
  { en: 'who', zh: '谁' },
  label.decision,
  { en: 'why', zh: '为何' },
];

/** A line of a patient's audit as people read it. */
export function lineColumns(event: Omit<AccessEvent, 'txId' | 'n'>): readonly Cell[] {
  const { at, decision, purpose, reasons, denied, grantee, policyVersion, receiver } = event;
  const each = denied?.map((of) => `${of.recordId}: ${of.reasons.join(' ')}`);
  const why = [
    ...(purpose === undefined ? [] : [wordText(purpose)]),
    ...(each ?? reasons ?? []).map((code) => ({ en: code, zh: code })),
    ...(grantee === undefined ? [] : [{ en: showGrantee(grantee), zh: showGrantee(grantee) }]),
    ...(receiver === undefined ? [] : [receivedBy(receiver)]),
    ...(policyVersion === undefined ? [] : [{ en: `version ${policyVersion}`, zh: `第 ${policyVersion} 版` }]),
  ];
  const whyText = { en: why.map(({ en }) => en).join(' '), zh: why.map(({ zh }) => zh).join(' ') };
  return [at, wordText(event.event), whoOf(event.actor), decision === undefined ? undefined : stateText(decision), whyText];
}

/** To whom a copy was handed on. */
function receivedBy({ mspId, actorTag, department }: NonNullable<AccessEvent['receiver']>): Text {
  return { en: `to ${mspId}:${actorTag} (${department})`, zh: `交给 ${mspId}:${actorTag}（${department}）` };
}

/** Who somebody is, as people read it. */
export function whoOf(actor: AccessEvent['actor']): Cell {
  switch (actor.kind) {
    case 'patient':
      return { en: 'the patient', zh: '患者本人' };
    case 'delegate':
      return { en: `for the patient, by delegation ${actor.delegationId}`, zh: `代患者办理，代理编号 ${actor.delegationId}` };
    case 'assisted':
      return {
        en: `assisted: ${actor.mspId}:${actor.actorTags.join(' and ')}`,
        zh: `工作人员代办：${actor.mspId}:${actor.actorTags.join('、')}`,
      };
    case 'guardian':
      return { en: `a guardian, key ${actor.keyHash}`, zh: `监护人，密钥 ${actor.keyHash}` };
    case 'pin':
      return { en: 'who has the recovery code', zh: '持有恢复码者' };
    case 'staff':
      return `${actor.mspId}:${actor.actorTag}`;
    case 'administrator':
      return { en: `${actor.mspId} administrator`, zh: `${actor.mspId} 管理员` };
  }
}
