import { isDeepStrictEqual } from 'node:util';
import { type Consortium, ConsortiumError, parseConsortium } from '../consortium/consortium';
import { OperatorError } from '../machine/operator-error';
import { amend, type AmendmentRequest, type Amendments, withDeployment } from './amendments';

/** What a verb asks for, and what it meets. */
interface AmendmentChange extends AmendmentRequest {
  /** As the network was started, before any amendment. */
  readonly base: Consortium;
  readonly recorded: Amendments;
}

/**
 * Looks at a change before anything of it is begun: who runs the network judges it, since every verb and the next start read
 * what is recorded.
 * @throws {@link OperatorError} `CHANGED_MEANWHILE`, `UNKNOWN_NAME` — no consortium file could say it, `STATE_MISMATCH` — a
 * channel would be forgotten.
 */
export function refuseAmendments({ base, recorded, madeFrom, amendments }: AmendmentChange): void {
  if (!isDeepStrictEqual(recorded, madeFrom))
    throw new OperatorError('CHANGED_MEANWHILE', {
      en: 'another verb changed the network meanwhile; run it again',
      zh: '其间另一个命令改动了网络；请再运行一次',
    });
  const { incoming } = amendments;
  const next = refuseUnusable(amend(base, amendments));
  if (incoming) refuseUnusable(amend(base, withDeployment(next, amendments, incoming)));
  const lost = amend(base, recorded).channels.find(
    ({ name, organizations }) =>
      !next.channels.some((channel) => channel.name === name) && organizations?.every((mspId) => amendments.left.includes(mspId)) !== true,
  );
  if (lost)
    throw new OperatorError('STATE_MISMATCH', {
      en: `channel ${lost.name} was made and cannot be forgotten; it keeps its ledger`,
      zh: `通道 ${lost.name} 已建立，不能被忘掉；它保留其账本`,
    });
}

/** What stands below the heading, on one line. */
function faultsIn(text: string): string {
  return text.split('\n').slice(1).join(';').trim();
}

function refuseUnusable(consortium: Consortium): Consortium {
  try {
    return parseConsortium(consortium);
  } catch (error) {
    if (!(error instanceof ConsortiumError)) throw error;
    throw new OperatorError(
      'UNKNOWN_NAME',
      {
        en: `the network cannot be changed so: ${faultsIn(error.sentence.en)}`,
        zh: `网络不能这样改动：${faultsIn(error.sentence.zh)}`,
      },
      {
        cause: error,
      },
    );
  }
}
