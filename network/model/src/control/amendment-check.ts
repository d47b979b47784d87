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
    throw new OperatorError('CHANGED_MEANWHILE', 'another verb changed the network meanwhile; run it again');
  const { incoming } = amendments;
  const next = refuseUnusable(amend(base, amendments));
  if (incoming) refuseUnusable(amend(base, withDeployment(next, amendments, incoming)));
  const lost = amend(base, recorded).channels.find(
    ({ name, organizations }) =>
      !next.channels.some((channel) => channel.name === name) && organizations?.every((mspId) => amendments.left.includes(mspId)) !== true,
  );
  if (lost) throw new OperatorError('STATE_MISMATCH', `channel ${lost.name} was made and cannot be forgotten; it keeps its ledger`);
}

function refuseUnusable(consortium: Consortium): Consortium {
  try {
    return parseConsortium(consortium);
  } catch (error) {
    if (!(error instanceof ConsortiumError)) throw error;
    throw new OperatorError('UNKNOWN_NAME', `the network cannot be changed so: ${error.message.split('\n').slice(1).join(';').trim()}`, {
      cause: error,
    });
  }
}
