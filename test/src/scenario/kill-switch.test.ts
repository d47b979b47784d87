import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { encodeArgument, qualifiedName, transactions, newRequest } from '@lianyi/domain';
import { ChannelClient } from '@lianyi/ledger-client';
import { runNetworkCli } from '@lianyi/network-cli';
import { type Hospital } from '@lianyi/workbench';
import { carry } from './carry';
import { median } from '../bench/figures';
import { describeWithVerb } from './network-verb';
import { networkKind, newId, Scenario, type StaffMember } from './scenario';

jest.setTimeout(300_000);

const LIMIT_MILLIS = 60_000;
/** Asking without a pause would keep the peers from what is measured. */
const POLL_MILLIS = 10;

/** How an attempt at one peer ended: what refused it, or `ok`. */
type Attempt = () => Promise<string>;

/** Asks one peer again and again until it denies. @returns how many milliseconds that took */
async function deniedAfter(attempt: Attempt, denial: string, begunAt: number): Promise<number> {
  for (;;) {
    const end = await attempt();
    if (end === denial) return performance.now() - begunAt;
    if (end !== 'ok') throw new Error(`denied by something else: ${end}`);
    if (performance.now() - begunAt > LIMIT_MILLIS) throw new Error(`not denied within ${LIMIT_MILLIS} ms`);
    await sleep(POLL_MILLIS);
  }
}

async function endOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
    if (error instanceof Error && 'kind' in error) return String(error.kind);
    throw error;
  }
}

/** Runs a network verb in this process, as {@link CommandLine} does the application's: neither has to be loaded first. */
async function verb(...args: readonly string[]): Promise<void> {
  const errors: string[] = [];
  const output = { out: () => undefined, err: (line: string) => errors.push(line) };
  const exitCode = await runNetworkCli(['node', 'lianyi-network', networkKind, ...args], output);
  if (exitCode !== 0) throw new Error(`${args.join(' ')} ended with ${exitCode}: ${errors.join('; ')}`);
}

/** Issue 4: somebody must be stopped now. Two switches, each by its command, until every hospital's peer denies. */
describeWithVerb('certs', 'two ways to stop somebody', () => {
  let begun: Scenario | undefined;
  let scenario: Scenario;
  const hospitals = (): readonly Hospital[] => [scenario.a, scenario.b, scenario.c];

  beforeAll(async () => {
    begun = scenario = await Scenario.start('kill-switch');
  });
  afterAll(() => begun?.stop());

  /** A signed request of a member of staff, decided by the chaincode of each peer. */
  async function staffAtEachPeer(hospital: Hospital, person: StaffMember): Promise<readonly Attempt[]> {
    const entry = transactions.ListStaff;
    return Promise.all(
      hospitals().map(async ({ member }) => {
        const { gateway } = await scenario.session(hospital, 'node', member.mspId);
        const client = new ChannelClient(gateway, scenario.network);
        return async () => {
          const argument = encodeArgument({ input: { limit: 1 }, proof: await person.sign(entry, { limit: 1 }) });
          return endOf(client.evaluate({ name: qualifiedName(entry), argument, endorsingOrganizations: [member.mspId] }));
        };
      }),
    );
  }

  /** A user's own certificate at each peer. */
  async function certificateAtEachPeer(hospital: Hospital): Promise<readonly Attempt[]> {
    const entry = transactions.GetOrganisation;
    const argument = encodeArgument({ input: { mspId: hospital.member.mspId } });
    return Promise.all(
      hospitals().map(async ({ member }) => {
        const client = new ChannelClient((await scenario.session(hospital, 'User1', member.mspId)).gateway, scenario.network);
        return () => endOf(client.evaluate({ name: qualifiedName(entry), argument, endorsingOrganizations: [member.mspId] }));
      }),
    );
  }

  /** From the command's start to the last peer's denial. */
  async function measure(attempts: readonly Attempt[], denial: string, stop: () => Promise<unknown>): Promise<number> {
    expect(await Promise.all(attempts.map((attempt) => attempt()))).toEqual(attempts.map(() => 'ok'));
    const begunAt = performance.now();
    const denials = attempts.map((attempt) => deniedAfter(attempt, denial, begunAt));
    await Promise.all([stop(), ...denials]);
    expect(await Promise.all(attempts.map((attempt) => attempt()))).toEqual(attempts.map(() => denial));
    return Math.round(Math.max(...(await Promise.all(denials))));
  }

  it('both deny at every peer afterwards; how long each takes is printed side by side', async () => {
    const { commands, data } = scenario.consortium;
    const { network } = data;
    const [onLedgerMillis, onListMillis]: [number[], number[]] = [[], []];
    // what is loaded with the first call is loaded now
    await commands.must(scenario.a.administrator, ['staff', 'list'], z.unknown());
    await verb('certs', 'list', '--dir', network);
    for (const hospital of hospitals()) {
      const person = await scenario.hire(hospital, 'hrAdmin');
      const onLedger = async (): Promise<void> => {
        const revoke = ['staff', 'revoke', '--', person.actorTag];
        const stop = (): Promise<unknown> => commands.must(hospital.administrator, revoke, z.unknown());
        onLedgerMillis.push(await measure(await staffAtEachPeer(hospital, person), 'STAFF_REVOKED', stop));
      };
      const onList = async (): Promise<void> => {
        const revoke = ['certs', 'revoke', '--organization', hospital.member.mspId, '--user', 'User1', '--dir', network];
        onListMillis.push(await measure(await certificateAtEachPeer(hospital), 'rejected', () => verb(...revoke)));
      };
      // in turn, and each goes first once: what the machine does meanwhile shall favour neither
      const inTurn = [onLedger, onList];
      for (const step of hospital === scenario.b ? inTurn.reverse() : inTurn) await step();
      const hire = { actorTag: newId(), roles: ['nurse' as const], departments: [], publicKeyHash: scenario.genesis, dutyWindows: [] };
      expect(await endOf(carry(person.client, transactions.RegisterStaff, hire, { sign: person.sign }))).toBe('STAFF_REVOKED');
      expect(await endOf((await scenario.ledger(hospital, 'User1')).submit(newRequest(transactions.RegisterStaff, hire)))).toBe('rejected');
    }
    const whose = networkKind === 'embedded' ? 'embedded, figures of a workbench' : 'real Fabric';
    const [ledger, list] = [median(onLedgerMillis), median(onListMillis)];
    process.stderr.write(
      `from the command until every peer denies (${whose}), medians of ${onListMillis.length}: kill switch on the ledger ${ledger} ms (${onLedgerMillis.join(', ')}), ` +
        `revocation list ${list} ms (${onListMillis.join(', ')}); list : ledger = ${(list / ledger).toFixed(1)}\n`,
    );
  });
});
