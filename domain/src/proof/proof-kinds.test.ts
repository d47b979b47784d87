import {
  assistedProofSchema,
  canonicalJson,
  checkRequestProof,
  delegateProofSchema,
  guardianProofSchema,
  hashOfKey,
  mspIdSchema,
  patientProofSchema,
  proofKinds,
  sha256,
  pinIdOf,
  pinProofSchema,
  slotIdOf,
  slotProofSchema,
  staffProofSchema,
  type Proof,
  type RequestContext,
} from '../index';
import { expectRefusal } from '../refusals.fixture';
import { newKey, signText } from '../signing.fixture';
import { B, hours, lin, NOW, patient } from '../story.fixture';

const MINUTE = 1 / 60;
const key = newKey();
const bindings = {
  channel: 'emr',
  chaincode: 'emr',
  genesis: sha256('genesis'),
  transaction: 'AccessContract:RequestAccess',
  requestHash: sha256('input'),
};
const context: RequestContext & { readonly carrierMspId: typeof B } = { ...bindings, now: NOW, carrierMspId: B };
const window = { issuedAt: NOW, notAfter: hours(5 * MINUTE) };

const sign: Record<Proof['kind'], (changes?: object) => Proof> = {
  staff: (changes) => {
    const statement = { t: 'lianyi/request/v1', ...bindings, ...window, msp: B, actorTag: lin, ...changes };
    return staffProofSchema.parse({
      kind: 'staff',
      statement,
      publicKey: key.publicKey,
      signature: signText(canonicalJson(statement), key),
    });
  },
  patient: (changes) => {
    const own = { pseudonym: patient, publicKey: key.publicKey, nextKeyHash: hashOfKey(newKey().publicKey) };
    const statement = { t: 'lianyi/command/v1', ...bindings, ...window, ...own, ...changes };
    return patientProofSchema.parse({ kind: 'patient', statement, signature: signText(canonicalJson(statement), key) });
  },
  delegate: (changes) => {
    const own = { pseudonym: patient, delegationId: 'd1', publicKey: key.publicKey, nextKeyHash: hashOfKey(newKey().publicKey) };
    const statement = { t: 'lianyi/delegate-command/v1', ...bindings, ...window, ...own, ...changes };
    return delegateProofSchema.parse({ kind: 'delegate', statement, signature: signText(canonicalJson(statement), key) });
  },
  assisted: (changes) => {
    const other = newKey();
    const statement = {
      t: 'lianyi/assisted-command/v1',
      ...bindings,
      ...window,
      msp: B,
      pseudonym: patient,
      actorTags: [lin, 'x'],
      ...changes,
    };
    const signatures = [key, other].map((by) => ({ publicKey: by.publicKey, signature: signText(canonicalJson(statement), by) }));
    return assistedProofSchema.parse({ kind: 'assisted', statement, signatures });
  },
  slot: (changes) => {
    const own = { slotId: slotIdOf(hashOfKey(key.publicKey)), publicKey: key.publicKey, nextKeyHash: hashOfKey(newKey().publicKey) };
    const statement = { t: 'lianyi/slot-command/v1', ...bindings, ...window, ...own, ...changes };
    return slotProofSchema.parse({ kind: 'slot', statement, signature: signText(canonicalJson(statement), key) });
  },
  guardian: (changes) => {
    const statement = { t: 'lianyi/guardian-command/v1', ...bindings, ...window, pseudonym: patient, publicKey: key.publicKey, ...changes };
    return guardianProofSchema.parse({ kind: 'guardian', statement, signature: signText(canonicalJson(statement), key) });
  },
  pin: (changes) => {
    const own = { pinId: pinIdOf(hashOfKey(key.publicKey)), publicKey: key.publicKey };
    const statement = { t: 'lianyi/pin-command/v1', ...bindings, ...window, ...own, ...changes };
    return pinProofSchema.parse({ kind: 'pin', statement, signature: signText(canonicalJson(statement), key) });
  },
};
const others: Readonly<Record<string, string>> = {
  channel: 'emr2',
  chaincode: 'emr2',
  genesis: sha256('another genesis'),
  transaction: 'AccessContract:CloseTicket',
  requestHash: sha256('another input'),
};
const kinds = ['staff', 'patient', 'delegate', 'assisted', 'slot', 'guardian', 'pin'] as const;
const everyBinding = kinds.flatMap((kind) => proofKinds[kind].bound.map((field) => [kind, field] as const));

describe('what can be told of a proof without the ledger', () => {
  it.each(kinds)('is in order for a %s proof of this request', (kind) => {
    expect(() => {
      checkRequestProof(sign[kind](), context);
    }).not.toThrow();
  });
  it('covers five bindings of each kind', () => {
    expect(everyBinding).toHaveLength(35);
  });
  it.each(everyBinding)('refuses a %s proof for another %s', (kind, field) => {
    expectRefusal(
      'PROOF_MISMATCH',
      () => {
        checkRequestProof(sign[kind]({ [field]: others[field] }), context);
      },
      { field },
    );
  });
  it.each(kinds)('refuses a %s proof that is too early, over, or valid for longer than its kind may be', (kind) => {
    const longest = (proofKinds[kind].longestMs ?? 0) / 3_600_000;
    const windows: readonly (readonly [string, object])[] = [
      ['issuedAt', { issuedAt: hours(2.1 * MINUTE) }],
      ['notAfter', { notAfter: NOW }],
      ['notAfter', { notAfter: hours(longest + 0.001) }],
    ];
    for (const [field, changes] of windows)
      expectRefusal(
        'TIME_SKEW',
        () => {
          checkRequestProof(sign[kind](changes), context);
        },
        { field },
      );
  });
  it.each(kinds)('refuses a %s proof whose statement was changed after signing', (kind) => {
    const proof = sign[kind]();
    const changed = { ...proof, statement: { ...proof.statement, notAfter: hours(MINUTE) } } as Proof;
    expectRefusal('BAD_SIGNATURE', () => {
      checkRequestProof(changed, context);
    });
  });
  it('refuses a staff proof that another organisation carries, and lets any member carry a patient’s', () => {
    const elsewhere = { ...context, carrierMspId: mspIdSchema.parse('HospitalCMSP') };
    expectRefusal(
      'PROOF_MISMATCH',
      () => {
        checkRequestProof(sign.staff(), elsewhere);
      },
      { field: 'msp' },
    );
    expect(() => {
      checkRequestProof(sign.patient(), elsewhere);
    }).not.toThrow();
  });
});

describe('a receipt', () => {
  it('has no window and no key of its own: the ledger’s entry names it', () => {
    expect(proofKinds.receipt.longestMs).toBeUndefined();
    expect(proofKinds.receipt.bound).toEqual(['objectSha256', 'versionHash', 'mspId', 'endpointId']);
  });
});
