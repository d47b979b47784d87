import { watchFile, unwatchFile } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { z } from 'zod';
import { loadCertificateFile, writeDurably } from '@lianyi/client/node';
import { type MspId, mspIdSchema } from '@lianyi/domain';
import { loadNodeConfig, MemberCertificates, type MemberNode, type NodeConfig } from '@lianyi/member-node';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { line, outcome, type CommandOutcome } from '../outcome';
import { type Terminal } from '../terminal';
import { readNodeConfigAsWritten } from './node-config-file';
import { membersOf } from './node-init';

export const trustInput = z.object({ config: z.string(), members: z.string() });
export const distrustInput = z.object({ config: z.string(), member: mspIdSchema });

type Members = NodeConfig['tls']['members'];

/** How often a running node looks whether its configuration has changed. */
const LOOK_MILLIS = 500;

/** Adds or replaces members' TLS authorities in `node.json`. */
export function trustMembers(call: CommandCall, { config, members }: z.output<typeof trustInput>): Promise<CommandOutcome> {
  const folder = dirname(resolve(call.terminal.cwd, config));
  const named = membersOf(members).map(({ mspId, caFile }) => ({ mspId, caFile: relative(folder, resolve(call.terminal.cwd, caFile)) }));
  return changeMembers(call, config, (known) => [...known.filter(({ mspId }) => !named.some((each) => each.mspId === mspId)), ...named]);
}

/** Takes a member's TLS authority out of `node.json`. */
export function distrustMember(call: CommandCall, { config, member }: z.output<typeof distrustInput>): Promise<CommandOutcome> {
  return changeMembers(call, config, (known, own) => {
    if (member === own) throw new CliProblem('USAGE', `--member ${member}: the node's own organisation`);
    return known.filter(({ mspId }) => mspId !== member);
  });
}

/** Nothing is written that the node could not start with. */
async function changeMembers(call: CommandCall, config: string, change: (known: Members, own: MspId) => Members): Promise<CommandOutcome> {
  const file = resolve(call.terminal.cwd, config);
  const before = await readNodeConfigAsWritten(file);
  const members = change(before.tls.members, before.mspId);
  const authorities = await Promise.all(
    members.map(async ({ mspId, caFile }) => ({ mspId, caPem: await loadCertificateFile(resolve(dirname(file), caFile), '--members') })),
  );
  try {
    new MemberCertificates(authorities);
  } catch (cause) {
    throw new CliProblem('USAGE', `--members: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  await writeDurably(file, `${JSON.stringify({ ...before, tls: { ...before.tls, members } }, null, 2)}\n`);
  const mspIds = members.map(({ mspId }) => mspId);
  return outcome({ config: file, members: mspIds }, ...mspIds.map(line));
}

/**
 * Has a running node follow the members, and the query templates that the hospital agrees to, in its configuration. What else was changed there counts from the next start; a
 * configuration that cannot be read changes nothing and is told.
 * @returns how to stop looking
 */
export function followConfiguration(node: Pick<MemberNode, 'trust' | 'agree'>, file: string, terminal: Pick<Terminal, 'err'>): () => void {
  let last: Promise<void> = Promise.resolve();
  const look = (): void => {
    // one after another: a slow load must not bring back what a later change took away
    last = last
      .then(() => loadNodeConfig(file))
      .then(async ({ tls, queries }) => {
        node.agree(queries?.templates ?? []);
        await node.trust(tls.members);
      })
      .catch((error: unknown) => {
        terminal.err(`${file}: ${error instanceof Error ? error.message : String(error)}\n`);
      });
  };
  watchFile(file, { interval: LOOK_MILLIS, persistent: false }, look);
  return () => {
    unwatchFile(file, look);
  };
}
