import { newPrivateKey, publicKeyOf, signDelegateCommand } from '@lianyi/client';
import {
  canonicalJson,
  confirmIncapacity,
  declareIncapacity,
  delegationIdOf,
  encodeArgument,
  granteeSchema,
  hashOfKey,
  type Incapacity,
  type Instant,
  instantOf,
  sha256,
  statementHashOf,
  transactions,
} from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { hired, nonce, originOf, person } from './member-chain.fixture';
import { B, consent, consentKey, MINUTE, network, provisions, pseudonym } from './patient-chain.fixture';
import { evidence, untold, useSaidByStaff } from './said-by-staff.fixture';

const clinicianA = person('AMSP', 'clinician-a', ['clinician']);
const clinicianB = person('BMSP', 'clinician-b', ['clinician']);
const incapacityKey = `\u0000incapacity\u0000${pseudonym}\u0000`;

describe('a proxy for the loss of capacity, by the word of those whose it is', () => {
  const { chain, now, later, byStaff } = useSaidByStaff();
  const lastStatementOf = (call: Call) => {
    const { proof } = JSON.parse(call.argument) as { proof: { statement: Parameters<typeof statementHashOf>[0] } };
    return { lastCommand: { statementHash: statementHashOf(proof.statement), at: now() } };
  };
  const [key, next] = [newPrivateKey(), newPrivateKey()];
  const firstKeyHash = hashOfKey(publicKeyOf(key));
  const delegationId = delegationIdOf({ pseudonym, firstKeyHash, nonce });
  const delegationKey = `\u0000delegation\u0000${pseudonym}\u0000${delegationId}\u0000`;
  let incapacity: Incapacity;
  let of: ReturnType<typeof lastStatementOf>;
  let until: Instant;
  const entry = (nextKeyHash = firstKeyHash, rolled: object = {}): string => {
    const term = { scopes: ['consents'], validUntil: until };
    return canonicalJson({
      pseudonym,
      delegationId,
      basis: 'proxy',
      ...term,
      state: 'active',
      onIncapacity: true,
      nextKeyHash,
      origin: { requestHash: sha256('a request'), actor: { kind: 'patient', pseudonym } },
      ...rolled,
    });
  };
  beforeEach(async () => {
    until = instantOf(chain().now + 60 * MINUTE);
    const term = { scopes: ['consents'], validUntil: until, onIncapacity: true };
    const input = { pseudonym, delegationId, nonce, nextKeyHash: firstKeyHash, ...term };
    const appointment = chain().command(transactions.AppointDelegate, input, { [delegationKey]: entry() });
    of = lastStatementOf(appointment);
    await chain().say(appointment);
    await chain().add(hired(clinicianA), hired(clinicianB));
  });
  const declared = (before?: Incapacity): Call => {
    incapacity = declareIncapacity(before, { pseudonym, ...of }, evidence, now(), originOf(clinicianA));
    return byStaff(clinicianA, transactions.DeclareIncapacity, { [incapacityKey]: canonicalJson(incapacity) });
  };
  const confirmed = (by = clinicianB): Call => {
    incapacity = confirmIncapacity(incapacity, originOf(clinicianB).actor, of, evidence, now());
    return byStaff(by, transactions.ConfirmIncapacity, { [incapacityKey]: canonicalJson(incapacity) });
  };
  const grants = async (signing = key, after = next, grantee = B): Promise<string> => {
    const input = { pseudonym, grantee, provisions };
    const signer = { network, pseudonym, delegationId, privateKey: signing, nextPrivateKey: after };
    const proof = signDelegateCommand(signer, { transaction: transactions.GrantPolicy, input }, now());
    const lastCommand = { statementHash: statementHashOf(proof.statement), at: now() };
    const rolled = entry(proof.statement.nextKeyHash, { lastCommand });
    const writes = { [delegationKey]: rolled, [consentKey(grantee)]: consent(1) };
    await chain().add({
      transaction: transactions.GrantPolicy,
      argument: encodeArgument({ input, proof }),
      writes,
      atMillis: chain().now,
    });
    return chain().word({ grantee, version: 1 });
  };

  it('speaks for the patient once two clinicians have said that the patient cannot decide', async () => {
    await chain().add(declared());
    await chain().add(confirmed());
    expect(await grants()).toBe('given');
    expect(chain().names()).toEqual([]);
    expect(chain().audit.report().alarms).toEqual([]);
  });
  it('speaks again, with the key that the ledger has rolled to, once a late confirmation is said again', async () => {
    await chain().add(declared());
    const call = confirmed();
    later();
    await chain().add(call);
    // honest endorsers carry it out, and the hospital knows of nobody who has said that the patient cannot decide
    await grants(key, next, granteeSchema.parse({ ...B, mspId: 'CMSP' }));
    expect(chain().names().slice(-2)).toEqual(['command-not-allowed', 'consent-without-command']);
    await chain().add(declared(incapacity));
    await chain().add(confirmed());
    expect(await grants(next, newPrivateKey())).toBe('given');
  });
  it.each<readonly [string, () => Promise<void>]>([
    [
      'declaration',
      async () => {
        const call = declared();
        later();
        await chain().add(call);
        await chain().add(confirmed());
      },
    ],
    [
      'confirmation',
      async () => {
        await chain().add(declared());
        const call = confirmed();
        later();
        await chain().add(call);
      },
    ],
  ])('speaks after a %s that came late once the two have said it again, and not before', async (_what, happens) => {
    await happens();
    expect(chain().names().at(-1)).toBe('capacity-without-command');
    // the chaincode has it as confirmed, which saying it again leaves as it is
    await chain().add(declared(incapacity));
    expect(incapacity.state).toBe('confirmed');
    await chain().add(confirmed());
    expect(await grants()).toBe('given');
  });
  it.each<readonly [string, () => Promise<void>]>([
    ['nobody has declared it', () => Promise.resolve()],
    ['it is only declared', async () => chain().add(declared())],
    [
      'the patient’s audit has no line of the confirmation',
      async () => {
        await chain().add(declared());
        await chain().add(untold(confirmed()));
      },
    ],
    [
      'the patient’s audit has no line of the declaration',
      async () => {
        await chain().add(untold(declared()));
        await chain().add(confirmed());
      },
    ],
    [
      'enough endorsers have written it',
      async () => {
        incapacity = declareIncapacity(undefined, { pseudonym, ...of }, evidence, now(), originOf(clinicianA));
        incapacity = confirmIncapacity(incapacity, originOf(clinicianB).actor, of, evidence, now());
        await chain().add(chain().forged({ [incapacityKey]: canonicalJson(incapacity) }));
      },
    ],
    [
      'a colleague of who has declared it has confirmed it',
      async () => {
        const colleague = person('AMSP', 'clinician-2', ['clinician']);
        await chain().add(hired(colleague));
        await chain().add(declared());
        await chain().add(confirmed(colleague));
      },
    ],
    [
      'the patient has spoken since',
      async () => {
        await chain().add(declared());
        await chain().add(confirmed());
        await chain().say(chain().command(transactions.RotateKey, { pseudonym }));
      },
    ],
  ])('says nothing for the patient if %s', async (_what, happens) => {
    await happens();
    expect(await grants()).toBe('unproven');
    expect(chain().names().slice(-2)).toEqual(['command-not-allowed', 'consent-without-command']);
  });
});
