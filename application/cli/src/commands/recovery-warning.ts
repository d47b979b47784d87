import { connectNode, recoveryWarning, type RecoveryWarning } from '@lianyi/client/node';
import { type RecoveryCase } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { type Text } from '../language';
import { type Block, line } from '../outcome';

const texts: Readonly<Record<RecoveryWarning, Text>> = {
  late: {
    en: 'LATE: the patient’s hospital does not follow this recovery as the ledger has it: a step came late, or is of somebody whom it does not believe. It will release nothing for the new key; once this recovery is over, one more, in time, brings the two together.',
    zh: '迟到：患者所属医院未按账本所载跟进该恢复：某一步到达过晚，或出自其不采信之人。医院不会为新密钥发放任何内容；本次恢复结束后，再及时办理一次恢复即可使两者一致。',
  },
  unknown: {
    en: 'UNKNOWN: the node of the patient’s hospital knows nothing of this pseudonym, or nothing yet: it is following its chain anew, the hospital is another one, or it does not tell. Ask again later; whether it releases anything for the new key, nobody can say now.',
    zh: '未知：患者所属医院的节点不知道该假名，或尚不知道：节点正在重新跟进账本，或医院并非此家，或其未如实告知。请稍后再查询；目前无法得知医院是否会为新密钥发放内容。',
  },
  unconfirmed: {
    en: 'UNCONFIRMED: the patient’s hospital believes nobody who has confirmed this recovery. Another registrar of another hospital confirms it once more (`recovery confirm`), by which no time is lost; it is to be completed after that.',
    zh: '未确认：患者所属医院不采信已确认该恢复的登记员。请另一家医院的另一名登记员再次确认（`recovery confirm`），不会因此耽误时间；之后再完成恢复。',
  },
};

/** What a hospital’s node says of a recovery, for people. */
export function warningLines(warning: RecoveryWarning | undefined): readonly Block[] {
  return warning === undefined ? [] : [line(texts[warning])];
}

/** The same for programs. */
export function warningData(warning: RecoveryWarning | undefined): { readonly warning?: RecoveryWarning } {
  return warning === undefined ? {} : { warning };
}

/** Asks the node of the profile, which knows it if the patient is of its hospital. */
export async function askForWarning(
  call: CommandCall,
  key: Pick<RecoveryCase, 'pseudonym' | 'caseId'>,
): Promise<RecoveryWarning | undefined> {
  const node = await connectNode(call.actorOf('patient', 'staff').profile);
  try {
    return await recoveryWarning(node, key);
  } finally {
    node.close();
  }
}
