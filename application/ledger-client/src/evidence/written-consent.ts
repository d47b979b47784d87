import { canonicalJson, consentArea, type Grantee, type Instant, type Pseudonym, type Transaction, transactions } from '@lianyi/domain';
import { z } from 'zod';
import { type BlockWrite } from '../gateway/block-call';
import { compositeKey } from './composite-key';
import { type AlarmFact, type Command, type ConsentFact, type ConsentState } from './patient-facts';
import { attempt, jsonOf } from './strangers-json';

type Commanded = ConsentState & {
  readonly pseudonym: Pseudonym;
  readonly provisions?: readonly object[];
  readonly evidence?: object | undefined;
};

/** A grantee, as alarms name it. */
export const nameOfGrantee = ({ kind, mspId, name }: Grantee): string => `${kind} ${mspId} ${name}`;

/** Where the ledger keeps a patient's word to a grantee. */
export function keyOfConsent(pseudonym: Pseudonym, { kind, mspId, name }: Grantee): string {
  return compositeKey(consentArea.entities.grants.objectType, pseudonym, kind, mspId, name);
}

const consentValueSchema = z.looseObject({
  version: z.int().min(1),
  state: z.enum(['active', 'revoked']),
  provisions: z.array(z.looseObject({ effect: z.string(), provisionId: z.string().optional(), uses: z.int().optional() })),
  evidence: z.unknown().optional(),
  changedAt: z.string(),
});

const permissionsIn = (provisions: z.output<typeof consentValueSchema>['provisions']): NonNullable<ConsentFact['permissions']> =>
  provisions.flatMap(({ effect, provisionId, uses }) =>
    effect !== 'permit' || provisionId === undefined ? [] : [{ provisionId, ...(uses === undefined ? {} : { uses }) }],
  );

interface WrittenConsent {
  readonly pseudonym: Pseudonym;
  readonly grantee: Grantee;
  readonly previous: number;
  readonly at: Instant;
}

/** What a written consent says, held against what the patient has commanded. */
export function consentFacts(write: BlockWrite, about: WrittenConsent, own: Command | undefined): readonly (ConsentFact | AlarmFact)[] {
  const { pseudonym, grantee, previous } = about;
  const written = consentValueSchema.safeParse(jsonOf(write.value)).data;
  const wanted = own?.isAllowed === true ? commandedBy(own, previous) : undefined;
  const isSigned = wanted !== undefined && written !== undefined && isAsCommanded(about, written, wanted);
  const { version, state } = written ?? { version: previous, state: 'revoked' as const };
  const has = (effect: string): boolean => state === 'active' && written?.provisions.some((each) => each.effect === effect) === true;
  const effects = { permits: has('permit'), denies: has('deny') };
  const restsOnLate = own?.restsOnLate === true;
  const permissions = effects.permits ? { permissions: permissionsIn(written?.provisions ?? []) } : {};
  const consent: ConsentFact = { kind: 'consent', pseudonym, grantee, version, state, isSigned, effects, ...permissions, restsOnLate };
  if (isSigned) return [consent];
  const alarm = wanted === undefined ? 'consent-without-command' : 'consent-not-as-commanded';
  return [consent, { kind: 'alarm', alarm, pseudonym, detail: nameOfGrantee(grantee) }];
}

/** What a command makes of a consent. One of the catalogue that writes a consent and is missing here raises an alarm. */
export function commandedBy({ entry, input, proof }: Command, previousVersion: number): Commanded | undefined {
  const commanded = commandedConsent(entry, input, previousVersion);
  return commanded?.pseudonym === proof.statement.pseudonym ? commanded : undefined;
}

/** What a command of the catalogue says of a consent, whoever it is of; undefined if it says nothing of one. */
export function commandedConsent({ name }: Transaction, input: unknown, previousVersion: number): Commanded | undefined {
  switch (name) {
    case 'GrantPolicy': {
      const { pseudonym, grantee, provisions, evidence } = transactions.GrantPolicy.request.parse(input);
      return { pseudonym, grantee, version: previousVersion + 1, state: 'active', provisions, evidence };
    }
    case 'AmendPolicy': {
      const { pseudonym, grantee, provisions, evidence, previousVersion: amended } = transactions.AmendPolicy.request.parse(input);
      return { pseudonym, grantee, version: amended + 1, state: 'active', provisions, evidence };
    }
    case 'RevokePolicy': {
      const { pseudonym, grantee, previousVersion: revoked } = transactions.RevokePolicy.request.parse(input);
      return { pseudonym, grantee, version: revoked + 1, state: 'revoked' };
    }
    default:
      return consentOfReferral(name, input, previousVersion);
  }
}

/** What is agreed to with a referral, or taken back with it: the command says the whole policy. */
function consentOfReferral(name: string, input: unknown, previousVersion: number): Commanded | undefined {
  if (name === 'AgreeReferral') {
    const { pseudonym, grantee, provisions, evidence, previousVersion: amended } = transactions.AgreeReferral.request.parse(input);
    return { pseudonym, grantee, version: (amended ?? previousVersion) + 1, state: 'active', provisions, evidence };
  }
  if (name !== 'WithdrawReferral') return undefined;
  const { pseudonym, policy } = transactions.WithdrawReferral.request.parse(input);
  if (policy === undefined) return undefined;
  const { grantee, previousVersion: former, provisions } = policy;
  const version = former + 1;
  return provisions === undefined
    ? { pseudonym, grantee, version, state: 'revoked' }
    : { pseudonym, grantee, version, state: 'active', provisions };
}

function isAsCommanded({ grantee, at }: WrittenConsent, written: z.output<typeof consentValueSchema>, wanted: Commanded): boolean {
  // what the patient leaves out begins with the transaction, by the ledger's time
  const provisions = wanted.provisions?.map((provision) => ({ validFrom: at, ...provision }));
  return (
    canonicalJson(wanted.grantee) === canonicalJson(grantee) &&
    wanted.version === written.version &&
    wanted.state === written.state &&
    written.changedAt === at &&
    canonicalJson(wanted.evidence ?? null) === attempt(() => canonicalJson(written.evidence ?? null)) &&
    // what was written may hold numbers that have no canonical form
    (provisions === undefined || canonicalJson(provisions) === attempt(() => canonicalJson(written.provisions)))
  );
}
