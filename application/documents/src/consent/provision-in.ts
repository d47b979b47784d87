import {
  type CopyTerms,
  copyTermsSchema,
  dataLevelSchema,
  type Instant,
  instantSchema,
  type Json,
  type Period,
  periodSchema,
  type ProvisionDraft,
  provisionDraftSchema,
  type ProvisionId,
} from '@lianyi/domain';
import { isObject, itemsOf, type JsonObject } from '../json-object';
import { assertReading, classesIn, labelsIn, type ReadingPlace, purposesIn } from './conditions-in';
import { EXTENSION, inexpressible } from './own-systems';
import { type ConsentMeanings, dataIn } from './references-in';
import { boundsOf, type Effect, monthsIn } from './time-of-consent';

/** What is read of a provision; of anything else nobody knows what it would narrow. */
const ELEMENTS: ReadonlySet<string> = new Set(
  'id type period actor action securityLabel purpose class code dataPeriod data provision modifierExtension'.split(' '),
);

export type ReadingOptions = {
  readonly meanings: ConsentMeanings;
  readonly newProvisionId: () => ProvisionId;
  /** When a permission ends of which the Consent does not say it. */
  readonly until?: Instant;
};

/**
 * The provisions that one provision of a Consent comes to: one for each way to meet its labels and data.
 * @throws {@link DomainError} `CONSENT_NOT_EXPRESSIBLE`
 */
export function provisionsIn(node: JsonObject, effect: Effect, options: ReadingOptions, place: ReadingPlace): readonly ProvisionDraft[] {
  const { path } = place;
  const foreign = Object.keys(node).find((name) => !ELEMENTS.has(name));
  if (foreign !== undefined) throw inexpressible('element', `${path}.${foreign}`);
  assertReading(node['action'], node['code'], effect, place);
  const shared = { purposes: purposesIn(node['purpose'], effect, at(place, 'purpose')), ...scopeIn(node, effect, place) };
  const bounds = boundsOf(node['period'], effect, `${path}.period`);
  const validUntil = bounds.validUntil ?? (effect === 'permit' ? options.until : undefined);
  if (effect === 'permit' && validUntil === undefined) throw inexpressible('no-end', `${path}.period`);
  const time = { ...bounds, ...(validUntil === undefined ? {} : { validUntil }) };
  const labels = labelsIn(node['securityLabel'], effect, at(place, 'securityLabel'));
  const data = dataIn(node['data'], effect, options.meanings, at(place, 'data'));
  // each provision is counted by itself: of several more would be permitted than is said
  if ('uses' in shared && labels.length * data.length > 1) throw inexpressible('uses', path);
  return labels.flatMap((label) =>
    data.map((scope) => {
      const draft = { effect, provisionId: options.newProvisionId(), ...shared, ...label, ...scope, ...time };
      const provision = provisionDraftSchema.safeParse(draft);
      if (!provision.success) throw inexpressible(provision.error.issues[0]?.path.length === 0 ? 'time' : 'too-many', path);
      return provision.data;
    }),
  );
}

function at(place: ReadingPlace, name: string): ReadingPlace {
  return { ...place, path: `${place.path}.${name}` };
}

function scopeIn(node: JsonObject, effect: Effect, place: ReadingPlace): object {
  const classes = classesIn(node['class'], effect, at(place, 'class'));
  const careMonths = node['dataPeriod'] === undefined ? undefined : monthsIn(node['dataPeriod'], effect, `${place.path}.dataPeriod`);
  return {
    ...(classes === undefined ? {} : { classes }),
    ...(careMonths === undefined ? {} : { careMonths }),
    ...extensionsIn(node['modifierExtension'], effect, `${place.path}.modifierExtension`),
  };
}

/** Our own conditions, each once; a modifier that is not known may turn everything round. */
function extensionsIn(extensions: Json | undefined, effect: Effect, path: string): object {
  const read = itemsOf(extensions).map((extension) => extensionIn(extension, effect, path));
  const said = Object.assign({}, ...read) as object;
  if (Object.keys(said).length < read.length) throw inexpressible('element', path);
  assertCopiesSaid(said, effect, path);
  return said;
}

/** A prohibition says nothing of copies, and what is only viewed is not handed on. */
function assertCopiesSaid(said: Partial<CopyTerms>, effect: Effect, path: string): void {
  const isForbidden = effect === 'deny' && (['handling', 'eraseAt', 'onward'] as const).some((name) => said[name] !== undefined);
  if (isForbidden || (said.handling === 'view' && said.onward === true)) throw inexpressible('copies', path);
}

function copiesIn({ url, valueCode, valueInstant, valueBoolean }: JsonObject): Partial<CopyTerms> | undefined {
  const handling = url === EXTENSION.handling ? copyTermsSchema.shape.handling.safeParse(valueCode).data : undefined;
  if (handling !== undefined) return { handling };
  const eraseAt = url === EXTENSION.eraseAt ? instantSchema.safeParse(valueInstant).data : undefined;
  if (eraseAt !== undefined) return { eraseAt };
  return url === EXTENSION.onward && valueBoolean === true ? { onward: true } : undefined;
}

function extensionIn(extension: Json, effect: Effect, path: string): object {
  if (!isObject(extension)) throw inexpressible('element', path);
  const { url, valueInteger, valuePeriod } = extension;
  const level = dataLevelSchema.safeParse(valueInteger).data;
  if (url === EXTENSION.maxDataLevel && level !== undefined) return { maxDataLevel: level };
  if (url === EXTENSION.minDataLevel && level !== undefined) return { minDataLevel: level };
  const copies = copiesIn(extension);
  if (copies !== undefined) return copies;
  if (url === EXTENSION.uses) return usesIn(extension, effect, path);
  const recordPeriod = url === EXTENSION.anchored ? anchoredIn(valuePeriod, effect) : undefined;
  if (recordPeriod === undefined) throw inexpressible('element', path);
  return { recordPeriod };
}

/** A prohibition is not used up. */
function usesIn({ valuePositiveInt: uses }: JsonObject, effect: Effect, path: string): object {
  if (effect === 'deny') throw inexpressible('uses', path);
  if (typeof uses !== 'number' || !Number.isInteger(uses) || uses < 1) throw inexpressible('element', path);
  return { uses };
}

function anchoredIn(period: Json | undefined, effect: Effect): Period | undefined {
  const { validFrom: from, validUntil: until } = boundsOf(period, effect, '');
  return periodSchema.safeParse({ from, until }).data;
}
