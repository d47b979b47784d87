import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandLine } from './command-line';
import { type DataDir, openDataDir } from './data-dir';
import { forgetMember, type Hospital, type Member, onboardHospital, trustMember, type WorkbenchContext } from './hospital';
import { type ConsortiumKind, startNetwork } from './network-process';
import { ReadyProcesses } from './ready-process';

export type ConsortiumOptions = {
  readonly kind: ConsortiumKind;
  readonly repositoryRoot: string;
  readonly dataDir: string;
  /** Another definition than the checkout's. */
  readonly consortiumFile?: string;
};

/**
 * A whole consortium on one machine, every part a process of its own started by its command: the network, and a member
 * node for each hospital. It ends with this process, however that ends.
 */
export class HospitalConsortium {
  private constructor(private current: WorkbenchContext) {}

  /**
   * Starts the network alone.
   * @param processes owns all that is started; whoever passes it can stop a consortium that is still starting
   */
  static async start(options: ConsortiumOptions, processes = new ReadyProcesses()): Promise<HospitalConsortium> {
    const { repositoryRoot, dataDir, ...definition } = options;
    const data = openDataDir(dataDir);
    const logFile = join(data.logs, 'network.log');
    const network = await startNetwork(processes, { ...definition, repositoryRoot, dataDir: data.network, logFile });
    const commands = new CommandLine(dataDir, { LIANYI_WALLET_PASSPHRASE_FILE: newPassphraseFile(data) });
    return new HospitalConsortium({ repositoryRoot, data, network: network.ready, commands, processes, running: new Map() });
  }

  get context(): WorkbenchContext {
    return this.current;
  }

  get commands(): CommandLine {
    return this.context.commands;
  }

  get data(): DataDir {
    return this.context.data;
  }

  /** Members with a peer, in the order of the consortium's definition. */
  get hospitals(): readonly Member[] {
    return this.context.network.organizations.filter((member) => member.peer !== undefined);
  }

  /**
   * Brings all hospitals in, side by side. Whoever registers first fixes the network's genesis hash, the others confirm it;
   * if two meet in one block, the ledger lets one win and the client tries again.
   */
  onboardAll(): Promise<readonly Hospital[]> {
    return Promise.all(this.hospitals.map((member) => onboardHospital(this.context, member, this.hospitals)));
  }

  /**
   * Brings in a hospital that the network took in while it ran: the others' nodes take over its TLS authority, and it does what
   * the others did.
   */
  async welcome(member: Member, connectionProfile: string): Promise<Hospital> {
    const { network } = this.current;
    const others = this.hospitals;
    const profiles = { ...network.profiles, [member.mspId]: connectionProfile };
    this.current = { ...this.current, network: { ...network, organizations: [...network.organizations, member], profiles } };
    for (const other of others) await trustMember(this.current, other, member);
    return onboardHospital(this.current, member, this.hospitals);
  }

  /** The others' nodes forget a hospital that has left; its own goes on until it is stopped. */
  async partFrom({ member }: Hospital): Promise<void> {
    for (const other of this.hospitals.filter(({ mspId }) => mspId !== member.mspId)) await forgetMember(this.current, other, member);
  }

  /** Stops everything that was started: the nodes, then the network. */
  stop(): Promise<void> {
    return this.context.processes.stop();
  }
}

/** The passphrase of the workbench's wallets: a file only its owner may read, as a user would keep it. */
function newPassphraseFile(data: DataDir): string {
  const file = join(data.root, 'wallets', 'passphrase');
  writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'w' });
  return file;
}
