import { EndorsersDisagree } from '../wire/transaction';
import { type DefinitionSettings } from './definition-settings';
import { approvedPackageId, approveOnce, commitCall, type InstallablePackage, installPackage } from './lifecycle-calls';
import { type LifecyclePeer } from './lifecycle-peer';

/** What is left to do until a channel has the definition that is wanted. */
export type DefinitionStep = 'commit' | 'nothing';

/** A definition for one channel, and how far the channel is from it. */
interface WantedDefinition {
  readonly channel: string;
  readonly settings: DefinitionSettings;
  /** What every organisation runs for it. */
  readonly packageId: string;
  readonly step: DefinitionStep;
}

/** Polls a condition; answers whether it held in time. The caller brings it: this package knows no clock. */
type Poll = (
  isReady: () => Promise<boolean>,
  polling: { readonly timeoutMillis: number; readonly everyMillis: number },
) => Promise<boolean>;

/** Runs one stage of a deployment, to measure it. */
type RunStage = (name: 'approve' | 'commit', work: () => Promise<void>) => Promise<void>;

interface DeploymentOptions<P> {
  readonly poll: Poll;
  /** Whether an organisation has approved the package for what is committed; its peer is asked, if absent. */
  readonly hasApproved?: (at: P) => boolean | Promise<boolean>;
  /** Told of each organisation; `isNew`: it had not approved before. */
  readonly onApproved?: (at: P, isNew: boolean) => void;
  readonly stage?: RunStage;
}

/** How long peers may take to have one another's approvals. */
const AGREEMENT = { timeoutMillis: 10_000, everyMillis: 50 };

/** Installs the packages at every peer, one after another at each: a peer builds one package at a time. */
export async function installEverywhere(peers: readonly LifecyclePeer[], packages: readonly InstallablePackage[]): Promise<void> {
  await Promise.all(
    peers.map(async (at) => {
      for (const each of packages) await installPackage(at, each);
    }),
  );
}

/**
 * Commits the definition with the endorsement of all given peers; the first submits. Each organisation waited for its own
 * approval at its own peer, so the others' may still be on their way there: endorsers that disagree are asked again.
 * @throws EndorsersDisagree - they still do.
 */
export async function commitWhenAgreed(
  peers: readonly LifecyclePeer[],
  channel: string,
  settings: DefinitionSettings,
  poll: Poll,
): Promise<void> {
  const [submitter] = peers;
  if (!submitter) throw new Error('a definition is committed by at least one organisation');
  const disagreements: EndorsersDisagree[] = [];
  const isCommitted = await poll(async () => {
    try {
      await submitter.submit(commitCall(channel, settings), peers);
      return true;
    } catch (error) {
      if (!(error instanceof EndorsersDisagree)) throw error;
      disagreements.push(error);
      return false;
    }
  }, AGREEMENT);
  if (!isCommitted) throw disagreements.at(-1) ?? new EndorsersDisagree('the endorsers were not asked');
}

/**
 * Brings a channel to a definition whose package is installed: every organisation approves it, then all commit it, as
 * transactions of the channel. Where it is committed already, only those approve that have not approved this package.
 * @param peers - one of each organisation: the others of an organisation learn its approval from the first
 */
export async function bringToDefinition<P extends LifecyclePeer>(
  peers: readonly P[],
  wanted: WantedDefinition,
  options: DeploymentOptions<P>,
): Promise<void> {
  if (peers.length === 0) return;
  const { channel, settings, step } = wanted;
  const { poll, stage = runStage } = options;
  // all at once: the approvals fit one block
  await stage('approve', async () => {
    await Promise.all(peers.map((at) => approve(at, wanted, options)));
  });
  if (step === 'commit') await stage('commit', () => commitWhenAgreed(peers, channel, settings, poll));
}

const runStage: RunStage = (_name, work) => work();

async function approve<P extends LifecyclePeer>(at: P, wanted: WantedDefinition, options: DeploymentOptions<P>): Promise<void> {
  const { channel, settings, packageId, step } = wanted;
  const askPeer = async (): Promise<boolean> => (await approvedPackageId(at, channel, settings)) === packageId;
  const isDone = step === 'nothing' && (await (options.hasApproved ?? askPeer)(at));
  const isNew = !isDone && (await approveOnce(at, channel, settings, packageId));
  options.onApproved?.(at, isNew);
}
