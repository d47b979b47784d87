import { loadKeyFile } from '@lianyi/client/node';
import { instantOf, type PinId } from '@lianyi/domain';
import { type LedgerDirectory } from './directory';
import { type Admission } from './admission/admission';
import { addPinRoutes } from './http/pin-routes';
import { type NodeServer } from './http/server';
import { type LedgerSide } from './ledger-side';
import { type MemberCertificates } from './member-certificates';
import { MemberKeys } from './member-keys';
import { type MemberTls } from './member-tls';
import { type NodeConfig } from './node-config';
import { PinAnswers } from './pins/pin-answers';
import { PinFinders } from './pins/pin-finders';
import { PinHolders } from './pins/pin-holders';

interface ForPins {
  readonly members: MemberCertificates;
  readonly directory: LedgerDirectory;
  readonly config: Pick<NodeConfig, 'mspId' | 'encapsulationKeyEpoch' | 'kemKeyFile'>;
  readonly side: Pick<LedgerSide, 'identity' | 'index' | 'own'>;
  readonly tls: MemberTls;
  readonly admission: Admission;
}

/** How a patient comes back by a PIN. */
export async function addPins(http: NodeServer, { config, side, members, tls, directory, admission }: ForPins): Promise<void> {
  const { mspId, encapsulationKeyEpoch } = config;
  const reading = {
    followed: (pinId: PinId) => side.index.pin(pinId),
    stored: (pinId: PinId) => side.own.pin(pinId),
    waitFor: <Found>(look: () => Promise<Found | undefined>, millis: number) => side.index.waitFor(look, millis),
    now: () => instantOf(Date.now()),
  };
  const answers = new PinAnswers({
    ...{ mspId, network: side.identity, organisationKeyEpoch: encapsulationKeyEpoch, ...reading },
    encapsulationKeys: (holder) => side.index.encapsulationKeys(holder),
    privateKey: await loadKeyFile(config.kemKeyFile),
  });
  const holders = new PinHolders({
    ...{ mspId, directory, memberKeys: new MemberKeys(tls), ...reading },
    ownAnswer: (guess) => answers.answer(guess),
  });
  const finders = new PinFinders({ ...reading, identity: side.identity, admission, collect: (guess) => holders.collect(guess) });
  addPinRoutes(http, { members, directory, answers, finders, index: side.index });
}
