import { loadKeyFile } from '@lianyi/client/node';
import { type EvaluationId, type FunctionKeyId, instantOf, type Ledger } from '@lianyi/domain';
import { addPins } from './add-pins';
import { type Admission } from './admission/admission';
import { type StaffGate } from './check-caller';
import { type LedgerDirectory } from './directory';
import { addMatchingRoutes } from './http/matching-routes';
import { type NodeServer } from './http/server';
import { type LedgerSide } from './ledger-side';
import { Duplicates } from './matching/duplicates';
import { EvaluationAnswers } from './matching/evaluation-answers';
import { FunctionShares } from './matching/function-shares';
import { OtherHolders } from './matching/other-holders';
import { SaidKeys } from './matching/said-keys';
import { type MemberCertificates } from './member-certificates';
import { MemberKeys } from './member-keys';
import { type MemberTls } from './member-tls';
import { type NodeConfig } from './node-config';

interface ForMatching {
  readonly config: NodeConfig;
  readonly members: MemberCertificates;
  readonly tls: MemberTls;
  readonly side: LedgerSide;
  readonly directory: LedgerDirectory;
  readonly admission: Admission;
  readonly staff: StaffGate;
  /** Signs as the key service does. */
  readonly actor: Ledger;
}

/** What hospitals compute together: how they find that they know one person, and how a patient comes back by a PIN. */
export async function addMatching(http: NodeServer, own: ForMatching): Promise<void> {
  const { config, side, members, tls, actor, directory, staff, admission } = own;
  const kemKey = await loadKeyFile(config.kemKeyFile);
  const { mspId, encapsulationKeyEpoch } = config;
  const place = { mspId, network: side.identity };
  const shares = new FunctionShares(
    { ...place, organisationKeyEpoch: encapsulationKeyEpoch },
    kemKey,
    actor,
    new SaidKeys(mspId, side.index),
  );
  const reading = {
    evaluation: (evaluationId: EvaluationId) => side.own.evaluation(evaluationId),
    dealtKey: (keyId: FunctionKeyId) => shares.dealtKey(keyId),
  };
  const answers = new EvaluationAnswers({
    ...{ shares, ...reading, now: () => instantOf(Date.now()) },
    waitFor: (look, millis) => side.index.waitFor(look, millis),
  });
  const holders = new OtherHolders({
    ...{ mspId, directory, memberKeys: new MemberKeys(tls) },
    ownAnswer: (evaluationId) => answers.answerWithKey(evaluationId, mspId),
  });
  addMatchingRoutes(http, {
    staff,
    members,
    directory,
    shares,
    answers,
    holders,
    duplicates: new Duplicates({ ...place, privateKey: kemKey }, actor),
  });
  await addPins(http, { config, side, members, tls, directory, admission });
}
