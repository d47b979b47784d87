import { canonicalJson, type ConsentEvidence, type Grantee, type Json, type ProvisionDraft, provisionDraftsSchema } from '@lianyi/domain';
import { codingsOf, isObject, itemsOf, type JsonObject } from '../json-object';
import { type ConsentRemark, type Remarks } from './conditions-in';
import { evidenceIn } from './evidence';
import { inexpressible, OWN, OWN_POLICY } from './own-systems';
import { provisionsIn, type ReadingOptions } from './provision-in';
import { granteesIn, unnamedGrantees } from './references-in';
import { type Effect } from './time-of-consent';

/** What one grantee would be granted. */
export type ImportedGrant = { readonly grantee: Grantee; readonly provisions: readonly ProvisionDraft[] };
export type ImportedConsent = {
  readonly grants: readonly ImportedGrant[];
  readonly remarks: readonly ConsentRemark[];
  /** Whether the Consent itself says for whom it is. */
  readonly isForNamed: boolean;
  /** What was shown when it was agreed to, of a Consent of ours that says it: whoever grants it here is shown another text. */
  readonly evidence?: ConsentEvidence;
};

/** What is not told by `provision` and changes what is consented to. */
const UNREAD: readonly string[] = ['modifierExtension', 'implicitRules'];

/**
 * Reads a FHIR R4 Consent (IHE PCF) as grants of this house. What cannot be said here is said more narrowly of a permission, or more widely of a
 * prohibition, and remarked; where that is impossible all is refused: nothing is opened that the Consent does not open.
 * @throws {@link DomainError} `CONSENT_NOT_EXPRESSIBLE` — details name what (`Inexpressible`) and where
 * @remarks Source: https://hl7.org/fhir/R4/consent.html; https://profiles.ihe.net/ITI/PCF; docs/fhir-consent.md.
 */
export function consentIn(consent: Json, options: ReadingOptions): ImportedConsent {
  const root = provisionOf(consent);
  const remarks = new Set<ConsentRemark>();
  const remark = (each: ConsentRemark): void => void remarks.add(each);
  const effect = isOwn(consent) ? undefined : effectOf(consent, root);
  const pieces =
    effect === undefined ? ownPieces(root) : [{ node: root, effect, path: 'provision' }, ...exceptionsTo(root, effect, remark)];
  const named = granteesIn(root['actor'], options.meanings, 'provision.actor');
  const ofRoot = named.length > 0 ? named : unnamedGrantees(effect ?? 'permit', options.meanings, 'provision.actor');
  const isForNamed = named.length > 0;
  const byGrantee = new Map<string, { readonly grantee: Grantee; readonly provisions: ProvisionDraft[] }>();
  for (const piece of pieces) {
    const own = granteesIn(piece.node['actor'], options.meanings, `${piece.path}.actor`);
    if (!isForNamed && effect !== 'deny') assertNotExcepted(own, ofRoot, piece.path);
    for (const grantee of own.length > 0 ? own : ofRoot) {
      const key = canonicalJson(grantee);
      const grant = byGrantee.get(key) ?? { grantee, provisions: [] };
      grant.provisions.push(...provisionsIn(piece.node, piece.effect, options, { path: piece.path, remark, isOwn: effect === undefined }));
      byGrantee.set(key, grant);
    }
  }
  const grants = [...byGrantee.values()];
  if (!grants.every(({ provisions }) => provisionDraftsSchema.safeParse(provisions).success)) throw inexpressible('too-many', 'provision');
  assertNotCrossed(grants);
  return { grants, remarks: [...remarks], isForNamed, ...sayingEvidence(consent) };
}

function sayingEvidence(consent: Json): Pick<ImportedConsent, 'evidence'> {
  const evidence = evidenceIn(consent);
  return evidence === undefined ? {} : { evidence };
}

/** Whom the Consent does not name gets no permission of which it makes an exception for them. */
function assertNotExcepted(excepted: readonly Grantee[], unnamed: readonly Grantee[], path: string): void {
  const permitted = new Set(unnamed.map((grantee) => canonicalJson(grantee)));
  if (excepted.some((grantee) => permitted.has(canonicalJson(grantee)))) throw inexpressible('excepted', `${path}.actor`);
}

/** Of two grants of which each would have to wait for the other none can be made first. */
function assertNotCrossed(grants: readonly ImportedGrant[]): void {
  if (grants.some((one) => grants.some((other) => isGuardedBy(one, other) && isGuardedBy(other, one))))
    throw inexpressible('crossed', 'provision');
}

/**
 * Whether a grant opens what another, of the same Consent, forbids to its own grantee, who may be one of those for whom the first is: until that is
 * in force, the first alone opens more than the Consent does.
 */
export function isGuardedBy(grant: ImportedGrant, other: ImportedGrant): boolean {
  const forbidden = new Set(prohibitionsOf(grant));
  return grant.provisions.some(({ effect }) => effect === 'permit') && prohibitionsOf(other).some((each) => !forbidden.has(each));
}

function prohibitionsOf({ provisions }: ImportedGrant): readonly string[] {
  return provisions.flatMap(({ provisionId: _id, ...said }) => (said.effect === 'deny' ? [canonicalJson(said)] : []));
}

/** The root provision of a Consent in force about privacy. */
function provisionOf(consent: Json): JsonObject {
  if (!isObject(consent) || consent['resourceType'] !== 'Consent') throw inexpressible('not-a-consent', 'resourceType');
  if (!codingsOf(consent['scope']).some(({ code }) => code === 'patient-privacy')) throw inexpressible('not-a-consent', 'scope');
  if (consent['status'] !== 'active') throw inexpressible('not-active', 'status');
  const unread = UNREAD.find((name) => consent[name] !== undefined);
  if (unread !== undefined) throw inexpressible('element', unread);
  const { provision, ...others } = consent;
  if (!isObject(provision)) throw inexpressible('no-effect', 'provision');
  for (const [name, element] of Object.entries(others)) assertNoModifier(element, name);
  assertKnownModifiers(provision, 'provision');
  return provision;
}

/** Of a provision its own modifiers are read; one of anything in it may turn it round. @throws {@link DomainError} `CONSENT_NOT_EXPRESSIBLE` */
function assertKnownModifiers({ provision: inner, modifierExtension: _read, ...elements }: JsonObject, path: string): void {
  for (const [name, element] of Object.entries(elements)) assertNoModifier(element, `${path}.${name}`);
  itemsOf(inner).forEach((each, at) => {
    if (isObject(each)) assertKnownModifiers(each, `${path}.provision[${at}]`);
  });
}

function assertNoModifier(value: Json | undefined, path: string): void {
  if (Array.isArray(value))
    value.forEach((each: Json, at) => {
      assertNoModifier(each, `${path}[${at}]`);
    });
  if (!isObject(value)) return;
  if (value['modifierExtension'] !== undefined) throw inexpressible('element', `${path}.modifierExtension`);
  for (const [name, element] of Object.entries(value)) assertNoModifier(element, `${path}.${name}`);
}

function isOwn(consent: Json): boolean {
  return isObject(consent) && codingsOf(consent['policyRule']).some(({ system, code }) => system === OWN.policy && code === OWN_POLICY);
}

type Piece = { readonly node: JsonObject; readonly effect: Effect; readonly path: string };

/** The effect of the root: its own, or that of HL7's opt-in and opt-out. */
function effectOf(consent: Json, { type }: JsonObject): Effect {
  const byRule = isObject(consent) ? codingsOf(consent['policyRule']).map(({ code }) => code) : [];
  const said = type ?? (byRule.includes('OPTIN') ? 'permit' : byRule.includes('OPTOUT') ? 'deny' : undefined);
  if (said !== 'permit' && said !== 'deny') throw inexpressible('no-effect', 'provision.type');
  return said;
}

/** The inner provisions of a Consent of ours: each stands for itself, and nothing is around or inside of them that would narrow them. */
function ownPieces(root: JsonObject): readonly Piece[] {
  // what is not permitted inside is denied, with the word and without it
  const around = Object.keys(root).find(
    (name) => !['actor', 'provision', 'id'].includes(name) && !(name === 'type' && root[name] === 'deny'),
  );
  if (around !== undefined) throw inexpressible('element', `provision.${around}`);
  return itemsOf(root['provision']).map((node, at) => {
    const path = `provision.provision[${at}]`;
    if (!isObject(node) || (node['type'] !== 'permit' && node['type'] !== 'deny')) throw inexpressible('no-effect', path);
    if (node['provision'] !== undefined) throw inexpressible('element', `${path}.provision`);
    return { node, effect: node['type'], path };
  });
}

/**
 * The prohibitions inside, at any depth: they beat a permission, as they should, and stand beside a prohibition. A permission inside would have to beat
 * a prohibition, or says once more what is permitted: it is left out.
 */
function exceptionsTo({ provision }: JsonObject, effect: Effect, remark: Remarks, path = 'provision'): readonly Piece[] {
  return itemsOf(provision).flatMap((node, at) => {
    const here = `${path}.provision[${at}]`;
    if (!isObject(node) || (node['type'] !== 'permit' && node['type'] !== 'deny')) throw inexpressible('no-effect', here);
    const kept: readonly Piece[] = node['type'] === 'deny' ? [{ node, effect: 'deny', path: here }] : [];
    if (kept.length === 0) remark('exception-left-out');
    return [...kept, ...exceptionsTo(node, effect, remark, here)];
  });
}
