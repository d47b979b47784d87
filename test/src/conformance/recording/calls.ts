import { A, B, C } from '../conformance-network';
import { type CallOptions } from '../party';
import { type SeededChoice } from './seeded-choice';

export interface Call {
  readonly mspId: string;
  readonly name: string;
  readonly args: readonly string[];
  readonly options: CallOptions;
  /** Whether it writes the policy of a key. */
  readonly changesPolicy?: true;
}

type Draw = (choice: SeededChoice) => Call;

const organizations = [A, B, C] as const;
const pairs = [
  [A, B],
  [A, C],
  [B, C],
] as const;

/** Few keys, so that transactions meet. */
const publicKey = (choice: SeededChoice): string => `r${String(choice.below(24)).padStart(2, '0')}`;
const privateKey = (choice: SeededChoice): string => `p${choice.below(8)}`;
const value = (choice: SeededChoice): string => String(choice.below(1000));
/** Keys the ranges of {@link manyKeys} do not lie in. */
const ownKey = (choice: SeededChoice): string => `x${choice.below(1_000_000)}`;

const call = (choice: SeededChoice, name: string, args: readonly string[], options: CallOptions = {}): Call => ({
  mspId: choice.of(organizations),
  name,
  args,
  options,
});

const pinned = (choice: SeededChoice): CallOptions => ({ organizations: choice.of([...pairs, [A], [B], [C], [A, B, C]]) });

/** Ends before it begins now and then; a peer answers nothing then. */
function range(choice: SeededChoice): readonly [string, string] {
  const from = choice.below(24);
  return [`r${String(from).padStart(2, '0')}`, `r${String(from + 1 + choice.below(6)).padStart(2, '0')}`];
}

const inU = (choice: SeededChoice, name: string, args: readonly string[]): Call =>
  call(choice, name, args, { chaincode: 'u', ...(choice.chance(0.3) ? pinned(choice) : {}) });

const publicCalls: readonly Draw[] = [
  (choice) => call(choice, 'put', [publicKey(choice), value(choice)]),
  (choice) => call(choice, 'put', [publicKey(choice), value(choice)], pinned(choice)),
  (choice) => call(choice, 'rmw', [publicKey(choice)]),
  (choice) => call(choice, 'rmw', [publicKey(choice)]),
  (choice) => call(choice, 'rmw', [publicKey(choice)], pinned(choice)),
  (choice) => call(choice, 'del', [publicKey(choice)]),
  (choice) => call(choice, 'put', [publicKey(choice), '']),
  (choice) => call(choice, 'ryow', [publicKey(choice), value(choice)]),
  (choice) => call(choice, 'get', [publicKey(choice)], pinned(choice)),
  (choice) => call(choice, 'hist', [publicKey(choice)]),
  (choice) => call(choice, 'events2', []),
  (choice) => call(choice, 'fill', [`f${choice.below(4)}-`, String(2 + choice.below(20))]),
  (choice) => call(choice, 'putComposite', ['T', JSON.stringify([value(choice)])]),
];

const rangeCalls: readonly Draw[] = [
  (choice) => call(choice, 'rangeWrite', [...range(choice), ownKey(choice)]),
  (choice) => call(choice, 'rangeWrite', [...range(choice), publicKey(choice)]),
  (choice) => call(choice, 'rangeLimit', [...range(choice), String(1 + choice.below(3)), ownKey(choice)]),
  (choice) => call(choice, 'range', [...range(choice)]),
  // more than one batch of results: summarised as a Merkle tree
  (choice) => call(choice, 'rangeWrite', ['m', 'n', ownKey(choice)]),
  (choice) => call(choice, 'rangeLimit', ['m', 'n', String(1 + choice.below(250)), ownKey(choice)]),
  (choice) => call(choice, 'composites', ['T', '[]']),
  (choice) => call(choice, choice.of(['put', 'del']), [`m00${String(choice.below(300)).padStart(3, '0')}`, 'x'].slice(0, 2)),
];

const policyCalls: readonly Draw[] = [
  (choice) => ({ ...call(choice, 'setEPput', [publicKey(choice), value(choice), choice.of(organizations)]), changesPolicy: true }),
  (choice) => ({
    ...call(choice, 'setEP', [publicKey(choice), choice.of([...organizations, `${A},${B}`]), choice.of(['PEER', 'MEMBER'])]),
    changesPolicy: true,
  }),
  (choice) => ({ ...call(choice, 'setEP', [publicKey(choice), C, 'PEER'], pinned(choice)), changesPolicy: true }),
  (choice) => ({
    ...call(choice, 'psetEP', [choice.of(['c12', 'open', 'cep']), privateKey(choice), choice.of(organizations)], { organizations: [A, B] }),
    changesPolicy: true,
  }),
];

const secret = (choice: SeededChoice): CallOptions => ({ transient: { value: `s${value(choice)}` } });
const member = (choice: SeededChoice): string => choice.of([A, B]);
const own = (mspId: string): string => `_implicit_org_${mspId}`;

const privateCalls: readonly Draw[] = [
  (choice) => ({
    ...call(choice, 'pput', [choice.of(['c12', 'btl', 'cep', 'req1']), privateKey(choice)], secret(choice)),
    mspId: member(choice),
  }),
  (choice) => ({ ...call(choice, 'pput', ['btl', privateKey(choice)], secret(choice)), mspId: member(choice) }),
  (choice) => call(choice, 'pput', ['open', privateKey(choice)], { ...secret(choice), ...pinned(choice) }),
  (choice) => ({ ...call(choice, 'pput', ['cep', privateKey(choice)], { ...secret(choice), ...pinned(choice) }), mspId: member(choice) }),
  (choice) => ({
    ...call(choice, 'prmw', [choice.of(['c12', 'btl', 'btl', 'cep']), privateKey(choice)], { organizations: [A, B] }),
    mspId: member(choice),
  }),
  (choice) => ({ ...call(choice, 'prmw', ['c12', privateKey(choice)], { organizations: [A, B] }), mspId: member(choice) }),
  (choice) => ({ ...call(choice, 'pdel', [choice.of(['c12', 'open', 'cep']), privateKey(choice)]), mspId: member(choice) }),
  (choice) => ({
    ...call(choice, 'ppurge', [choice.of(['c12', 'btl', 'open']), privateKey(choice)], { organizations: [A, B] }),
    mspId: member(choice),
  }),
  (choice) => call(choice, 'phash', [choice.of(['c12', 'btl']), privateKey(choice)]),
  (choice) => ({ ...call(choice, 'phashWrite', ['c12', privateKey(choice)]), mspId: member(choice) }),
  (choice) => {
    const mspId = choice.of(organizations);
    return {
      ...call(choice, 'pput', [own(mspId), privateKey(choice)], { ...secret(choice), organizations: [choice.chance(0.7) ? mspId : A] }),
      mspId,
    };
  },
  (choice) => {
    const mspId = choice.of(organizations);
    return {
      ...call(choice, choice.of(['phashWrite', 'prmw', 'pdel']), [own(mspId), privateKey(choice)], { organizations: [mspId] }),
      mspId,
    };
  },
];

const nestedCalls: readonly Draw[] = [
  (choice) => inU(choice, 'rmw', [publicKey(choice)]),
  (choice) => inU(choice, 'put', [publicKey(choice), value(choice)]),
  (choice) => call(choice, 'callput', [publicKey(choice), 'u', JSON.stringify(['rmw', publicKey(choice)])]),
  (choice) => call(choice, 'call', ['u', JSON.stringify(['put', publicKey(choice), value(choice)])]),
  (choice) => call(choice, 'callput', [publicKey(choice), 'u', JSON.stringify(['putFail', publicKey(choice)])]),
  (choice) => call(choice, 'callput', [publicKey(choice), 'nope', '["get","k"]']),
  (choice) => inU(choice, 'callput', [publicKey(choice), 't', JSON.stringify(['rmw', publicKey(choice)])]),
  (choice) => inU(choice, 'callput', [publicKey(choice), 't', JSON.stringify(['rangeWrite', ...range(choice), ownKey(choice)])]),
  (choice) => call(choice, 'call', ['qscc', '["GetChainInfo","emr"]']),
];

/** What clients of all organisations ask for at random. */
export function drawCall(choice: SeededChoice): Call {
  const groups = [publicCalls, publicCalls, rangeCalls, policyCalls, privateCalls, privateCalls, nestedCalls] as const;
  return choice.of(choice.of(groups))(choice);
}
