import {
  canonicalJson,
  completeRecovery,
  confirmRecovery,
  instantOf,
  openByRegistrar,
  permittedTicketSchema,
  transactions,
} from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import {
  cardiologistB,
  hired,
  nonce,
  originOf,
  type Person,
  person,
  registered,
  registrarA,
  signedBy,
  ticketEntry,
} from './member-chain.fixture';
import { B, MINUTE, type PatientChain } from './patient-chain.fixture';
import { LedgerIndex } from './ledger-index';
import { auditLine, circumstances, WEEK } from './recovery-world.fixture';
import { registrarB, useRecovery } from './recovery-chain.fixture';

describe('a recovery that is completed', () => {
  const recovery = useRecovery();
  const chain = (): PatientChain => recovery().chain;

  it('follows the new key of a recovery that guardians have approved, in the block and for an auditor', async () => {
    await chain().say(recovery().naming());
    await chain().add(recovery().opening());
    await chain().add(recovery().approving());
    recovery().untilDue();
    await chain().add(recovery().completing());
    expect(await recovery().grants()).toBe('given');
    expect(chain().names()).toEqual([]);
    expect(chain().audit.report().alarms).toEqual([]);
  });

  const insurersClerk = person('DMSP', 'clerk', ['registrar']);
  const vouchedBy = async (second: Person): Promise<void> => {
    await chain().add(hired(second));
    const at = instantOf(chain().now);
    recovery().opened = openByRegistrar(
      recovery().world.draft,
      recovery().world.evidence,
      undefined,
      circumstances(chain().now, originOf(registrarA)),
    );
    const proposal = { ...recovery().world.draft, nonce, evidence: recovery().world.evidence };
    const writes = {
      ...recovery().keyKept(),
      [recovery().world.caseKey]: canonicalJson(recovery().opened),
      ...auditLine('RecoveryOpened', chain().now),
    };
    await chain().add(signedBy(registrarA, transactions.ProposeRecovery, proposal, writes, chain().now));
    const by = { kind: 'staff', mspId: second.mspId, actorTag: second.actorTag } as const;
    recovery().opened = confirmRecovery(recovery().opened, by, recovery().world.evidence, at);
    const confirmation = { ...recovery().world.key, evidence: recovery().world.evidence };
    const confirmed = { [recovery().world.caseKey]: canonicalJson(recovery().opened), ...auditLine('RecoveryConfirmed', chain().now) };
    await chain().add(signedBy(second, transactions.ConfirmRecovery, confirmation, confirmed, chain().now));
    recovery().untilDue(WEEK);
    await chain().add(recovery().completing());
  };

  it('follows the new key of a recovery that registrars of two hospitals have vouched for', async () => {
    await vouchedBy(registrarB);
    expect(await recovery().grants()).toBe('given');
    expect(chain().names()).toEqual([]);
    expect(chain().audit.report().alarms).toEqual([]);
  });

  const writtenByOthers = ['organisation-without-command'];
  it.each<readonly [string, () => readonly Call[], readonly string[]]>([
    ['an insurer', () => [registered('DMSP', ['insurer'])], []],
    ['a laboratory', () => [registered('DMSP', ['laboratory', 'health-authority'])], []],
    ['an organisation of which nobody has said anything', () => [], []],
    ['an insurer that others have registered as a hospital', () => [registered('DMSP', ['hospital'], 'BMSP')], writtenByOthers],
    [
      'an insurer that is written to be a hospital later',
      () => [registered('DMSP', ['insurer']), registered('DMSP', ['hospital'])],
      writtenByOthers,
    ],
  ])('gives nothing to a new key if the second registrar is of %s', async (_what, organisations, before) => {
    await chain().add(...organisations());
    await vouchedBy(insurersClerk);
    expect(await recovery().grants()).toBe('unproven');
    expect(
      chain()
        .names()
        .slice(0, before.length + 1),
    ).toEqual([...before, 'recovery-confirmed-by-nobody']);
  });

  it('gives nothing to a new key by a completion whose time has not come, and the old key goes on', async () => {
    await chain().say(recovery().naming());
    await chain().add(recovery().opening());
    await chain().add(recovery().approving());
    const [key, next, now] = [chain().key, chain().next, chain().now];
    recovery().untilDue();
    const ahead = recovery().completing();
    [chain().key, chain().next, chain().now] = [key, next, now];
    await chain().add(ahead);
    expect(chain().names()).toEqual(['command-not-signed', 'key-without-command', 'recovery-without-command']);
    await chain().say(chain().granted());
    expect(await chain().word({ grantee: B, version: 1 })).toBe('given');
  });

  /** The same blocks at a node whose file was lost, and at one of a later version, which follows them again. */
  const anew = async (): Promise<string> => {
    const index = new LedgerIndex(':memory:', 'emr', 'AMSP');
    for (const block of chain().blocks) await index.sinkOf('AMSP').apply(block, false);
    const permit = { ...(JSON.parse(ticketEntry(cardiologistB)) as object), grantVersions: [{ grantee: B, version: 1 }] };
    const { kind } = await index.permitsWordFor(permittedTicketSchema.parse(permit));
    await index.close();
    return kind;
  };

  it.each<readonly [string, Partial<Call>]>([
    ['was carried by another member', { creatorMspId: 'BMSP' }],
    ['came beside another transaction of that time', { creatorMspId: 'CMSP' }],
  ])('gives nothing to a completion dated ahead that %s, when its time has come and the index is followed anew', async (_what, by) => {
    await chain().say(recovery().naming());
    await chain().add(recovery().opening());
    await chain().add(recovery().approving());
    const [key, next, now, last] = [chain().key, chain().next, chain().now, chain().last];
    recovery().untilDue();
    const beside = chain().forged({ '\u0000organisation\u0000XMSP\u0000': '{}' });
    const ahead = { ...recovery().completing(), ...by };
    const signed = chain().signed;
    [chain().key, chain().next, chain().now] = [key, next, now];
    chain().last = last;
    await chain().add(beside);
    await chain().add(ahead);
    expect(await chain().word({ grantee: B, version: 1 })).toBe('unproven');
    recovery().untilDue(65 * MINUTE);
    [chain().key, chain().last] = [recovery().world.newKeys[1], signed];
    await chain().add({ ...chain().granted(), ...by });
    recovery().untilDue(100 * MINUTE);
    expect(await anew()).toBe('unproven');
  });

  it('follows an honest completion anew that the own hospital has carried', async () => {
    await chain().say(recovery().naming());
    await chain().add(recovery().opening());
    await chain().add(recovery().approving());
    recovery().untilDue();
    await chain().add(recovery().completing());
    expect(await recovery().grants()).toBe('given');
    recovery().untilDue(365 * 24 * 60 * MINUTE);
    expect(await anew()).toBe('given');
  });

  it('gives nothing to a completion that was dated back into the time before the case had expired', async () => {
    await chain().say(recovery().naming());
    await chain().add(recovery().opening());
    await chain().add(recovery().approving());
    recovery().untilDue();
    const back = recovery().completing();
    recovery().untilDue(31 * 24 * 60 * MINUTE);
    await chain().add(back);
    expect(await recovery().grants()).toBe('unproven');
  });

  it('is completed once: the first new key opens nothing a second time', async () => {
    await chain().say(recovery().naming());
    await chain().add(recovery().opening());
    await chain().add(recovery().approving());
    recovery().untilDue();
    const call = recovery().completing();
    await chain().add(call);
    expect(() => completeRecovery({ ...recovery().opened, state: 'completed' }, recovery().set, instantOf(chain().now))).toThrow();
    await chain().add(call);
    expect(chain().names()).toEqual(['command-not-signed', 'key-without-command', 'recovery-without-command']);
    expect(await recovery().grants()).toBe('given');
  });
});
