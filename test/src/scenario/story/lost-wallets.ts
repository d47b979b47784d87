import { rmSync, writeFileSync } from 'node:fs';
import { addPatient, type Hospital, tlsCaFile } from '@lianyi/workbench';
import { newId } from '../scenario';
import { type GetWorld } from './world';

/** What a recovery told. */
export interface Back {
  readonly recovered: readonly { readonly pseudonym: string; readonly mspId: string; readonly state: string; readonly by: string }[];
  readonly lost: readonly unknown[];
}

/** Profiles' names are the consortium's, so that the cases of several files count together. */
let people = 0;

interface Machine {
  readonly profile: string;
  readonly walletFile: string;
}

/** People who lose their wallets, by the command line: what they have, and the machines that they come back on. */
export interface LostWallets {
  /** Runs a command line that must succeed. */
  readonly run: (profile: string | undefined, ...argv: readonly string[]) => Promise<unknown>;
  readonly nextName: (kind: string) => string;
  /** A machine with nothing on it but a profile whose node is this hospital's. */
  readonly newMachine: (hospital: Hospital) => Promise<Machine>;
  readonly fileWith: (text: string) => string;
  /** A patient with a phrase, known at A and at B, with a relationship at each. */
  readonly knownAtTwo: () => Promise<Machine & { readonly phraseFile: string; readonly atA: string; readonly atB: string }>;
  readonly recover: (profile: string, phraseFile: string) => Promise<Back>;
  /** Takes a machine's wallet away. */
  readonly wipe: (walletFile: string) => void;
}

export function lostWallets(world: GetWorld): LostWallets {
  const nextName = (kind: string): string => `${kind}-${(people += 1)}`;
  const run = async (profile: string | undefined, ...argv: readonly string[]): Promise<unknown> => {
    const { json, exitCode } = await world().scenario.consortium.commands.run(profile, argv);
    if (exitCode !== 0) throw new Error(`${argv.join(' ')}: ${JSON.stringify(json)}`);
    return json;
  };
  const nodeFlags = ({ member, node }: Hospital): readonly string[] => {
    const ca = tlsCaFile(world().scenario.consortium.context, member);
    return ['--msp-id', member.mspId, '--node-url', node.ready.url, '--tls-ca-file', ca];
  };
  const newMachine = async (hospital: Hospital): Promise<Machine> => {
    const profile = nextName('back');
    const { scenario } = world();
    const { channel, chaincode, genesis } = scenario.network;
    const walletFile = scenario.consortium.data.wallet(profile);
    const network = ['--channel', channel, '--chaincode', chaincode, '--genesis', genesis, '--wallet-file', walletFile];
    await run(undefined, 'profile', 'add', '--name', profile, '--kind', 'patient', ...network, ...nodeFlags(hospital));
    for (const other of scenario.hospitals) {
      if (other.member.mspId !== hospital.member.mspId) await run(undefined, 'profile', 'add-hospital', profile, ...nodeFlags(other));
    }
    return { profile, walletFile };
  };
  const fileWith = (text: string): string => {
    const file = world().scenario.consortium.data.file(`phrase-${newId()}.txt`);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const knownAtTwo: LostWallets['knownAtTwo'] = async () => {
    const { scenario, staff } = world();
    const profile = nextName('lost');
    const atA = await addPatient(scenario.consortium.context, scenario.a, profile);
    await run(undefined, 'profile', 'add-hospital', profile, ...nodeFlags(scenario.b));
    const phraseFile = scenario.consortium.data.file(`phrase-${newId()}.txt`);
    await run(profile, 'wallet', 'phrase', '--out', phraseFile);
    const { mspId } = scenario.b.member;
    const atB = (await run(profile, 'wallet', 'pseudonym', '--hospital', mspId)) as typeof atA;
    for (const [registrar, { pseudonym, nonce, nextKeyHash }] of [
      [staff.registrarA, atA],
      [staff.registrarB, atB],
    ] as const) {
      const made = ['--pseudonym', pseudonym, '--nonce', nonce, '--next-key-hash', nextKeyHash];
      await scenario.acts.act(registrar.profile, 'patient', 'register', ...made);
      await scenario.acts.act(registrar.profile, 'relationship', 'propose', '--pseudonym', pseudonym);
      await scenario.acts.act(profile, 'relationship', 'accept', '--pseudonym', pseudonym);
    }
    const walletFile = scenario.consortium.data.wallet(profile);
    return { profile, phraseFile, walletFile, atA: atA.pseudonym, atB: atB.pseudonym };
  };
  const recover = async (profile: string, phraseFile: string): Promise<Back> =>
    (await run(profile, 'wallet', 'recover', '--phrase-file', phraseFile)) as Back;
  const wipe = (walletFile: string): void => {
    for (const suffix of ['', '.lock', '.turn']) rmSync(`${walletFile}${suffix}`, { force: true });
  };
  return { run, newMachine, fileWith, knownAtTwo, recover, wipe, nextName };
}
